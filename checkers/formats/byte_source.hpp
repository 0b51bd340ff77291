#pragma once

#include <cstddef>
#include <cstdio>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "support/expected.hpp"

namespace leasehold::checkers {

/// Bytes to be read once, from front to back.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// How many bytes were put at `into`; 0 at the end.
  virtual std::size_t read(char* into, std::size_t most) = 0;
};

/// A text in memory, handed out in pieces of at most `piece` bytes. It must outlive this.
class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string_view text,
                      std::size_t piece = std::numeric_limits<std::size_t>::max())
      : text_(text), piece_(piece) {}
  std::size_t read(char* into, std::size_t most) override;

 private:
  std::string_view text_;
  std::size_t piece_;
};

class FileSource final : public ByteSource {
 public:
  /// A file by its path, or stdin as `-`.
  static support::Expected<std::unique_ptr<ByteSource>> open(const std::string& path);
  ~FileSource() override;
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  std::size_t read(char* into, std::size_t most) override;

 private:
  explicit FileSource(std::FILE* file) : file_(file) {}
  std::FILE* file_;
};

}  // namespace leasehold::checkers
