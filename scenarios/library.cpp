#include "scenarios/library.hpp"

#include <algorithm>

namespace leasehold::scenarios {

const LibraryFile* find_file(std::span<const LibraryFile> files, std::string_view name) {
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const LibraryFile& file) { return file.name == name; });
  return found == files.end() ? nullptr : &*found;
}

}  // namespace leasehold::scenarios
