#include "support/read_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

namespace leasehold::support {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

Diagnostics cannot_read(const std::string& path, const std::string& reason) {
  Diagnostic diagnostic;
  diagnostic.file = path;
  diagnostic.message = "cannot be read: " + reason;
  return {std::move(diagnostic)};
}

}  // namespace

Expected<std::string> read_file(const std::string& path, std::size_t most) {
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rb"));
  if (!file) return cannot_read(path, std::strerror(errno));
  std::string text;
  char chunk[65'536];
  std::size_t count = 0;
  while ((count = std::fread(chunk, 1, sizeof chunk, file.get())) > 0) {
    text.append(chunk, count);
    if (text.size() > most) {
      return cannot_read(path, "longer than " + std::to_string(most) + " bytes");
    }
  }
  if (std::ferror(file.get()) != 0) return cannot_read(path, std::strerror(errno));
  return text;
}

}  // namespace leasehold::support
