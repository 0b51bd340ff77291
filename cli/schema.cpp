#include "cli/command.hpp"
#include "scenarios/library.hpp"

namespace leasehold::cli {

void add_schema(App& app) {
  CLI::App* command = app.parser.add_subcommand("schema", "the JSON Schema (draft-07) of a file");
  const auto name = std::make_shared<std::string>();
  std::vector<std::string> names;
  for (const scenarios::LibraryFile& file : scenarios::schema_files()) {
    names.emplace_back(file.name);
  }
  command->add_option("FILE", *name, "which kind of file")->required()->check(CLI::IsMember(names));
  command->callback([&app, name] {
    app.action = [name] {
      const scenarios::LibraryFile* file = find_file(scenarios::schema_files(), *name);
      return write_output("", std::string(file->text));
    };
  });
}

}  // namespace leasehold::cli
