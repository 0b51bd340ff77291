#include "cli/command.hpp"
#include "reports/result_json.hpp"
#include "scenarios/library.hpp"

namespace leasehold::cli {
namespace {

/// Of all files that leasehold reads or writes.
std::vector<scenarios::LibraryFile> schemas() {
  std::vector<scenarios::LibraryFile> all;
  for (const auto& files : {scenarios::schema_files(), reports::schema_files()}) {
    all.insert(all.end(), files.begin(), files.end());
  }
  return all;
}

}  // namespace

void add_schema(App& app) {
  CLI::App* command = app.parser.add_subcommand("schema", "the JSON Schema (draft-07) of a file");
  const auto name = std::make_shared<std::string>();
  std::vector<std::string> names;
  for (const scenarios::LibraryFile& file : schemas()) names.emplace_back(file.name);
  command->add_option("FILE", *name, "which kind of file")->required()->check(CLI::IsMember(names));
  command->callback([&app, name] {
    app.action = [name] {
      return write_output("", std::string(find_file(schemas(), *name)->text));
    };
  });
}

}  // namespace leasehold::cli
