#include "checkers/formats/byte_source.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace leasehold::checkers {

std::size_t TextSource::read(char* into, std::size_t most) {
  const std::size_t count = std::min({most, piece_, text_.size()});
  text_.copy(into, count);
  text_.remove_prefix(count);
  return count;
}

support::Expected<std::unique_ptr<ByteSource>> FileSource::open(const std::string& path) {
  const bool piped = path == "-";
  std::error_code error;
  errno = 0;
  std::FILE* file = nullptr;
  if (piped) {
    file = stdin;
  } else if (!std::filesystem::is_directory(path, error)) {
    file = std::fopen(path.c_str(), "rb");
  }
  if (file == nullptr) {
    support::Diagnostic diagnostic;
    diagnostic.file = path;
    diagnostic.message =
        std::string("cannot be read: ") + (errno != 0 ? std::strerror(errno) : "it is a folder");
    diagnostic.expected = "a history file, or - for stdin";
    return support::Diagnostics{diagnostic};
  }
  return std::unique_ptr<ByteSource>(new FileSource(file));
}

FileSource::~FileSource() {
  if (file_ != stdin) std::fclose(file_);
}

std::size_t FileSource::read(char* into, std::size_t most) {
  return std::fread(into, 1, most, file_);
}

}  // namespace leasehold::checkers
