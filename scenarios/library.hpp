#pragma once

#include <span>
#include <string_view>

/// The files of the library, inside the binary: it finds them wherever it is installed.
namespace leasehold::scenarios {

struct LibraryFile {
  std::string_view name;  ///< without folder and ending
  std::string_view text;
};

/// scenarios/library/*.json, in the order of their names.
std::span<const LibraryFile> library_files();

/// scenarios/library/truths/*.json, likewise: what is known about the locks, as scenarios that say
/// what must come out.
std::span<const LibraryFile> truth_files();
/// The name that stands for all of them.
inline constexpr std::string_view kKnownTruths = "known-truths";

/// scenarios/library/incidents/*.json, likewise: what happened to somebody, as scenarios that say
/// what must come of the wrong design and of the right one.
std::span<const LibraryFile> incident_files();
/// The name that stands for all of them.
inline constexpr std::string_view kIncidents = "incidents";

/// scenarios/schema/*.schema.json (draft-07), named `scenario`, `campaign` and so on.
std::span<const LibraryFile> schema_files();

/// The file of that name, or nullptr.
const LibraryFile* find_file(std::span<const LibraryFile> files, std::string_view name);

}  // namespace leasehold::scenarios
