#include <cstdio>
#include <filesystem>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"

namespace leasehold::cli {
namespace {

constexpr const char* kExample = R"({
  "scenarios": ["calm", "partitions", "gc-pauses", "crashes"],
  "algorithms": ["redis-ttl", "redlock", "etcd-lease"],
  "parameters": {
    "redis-ttl": {"persistence": "aof-always"},
    "etcd-lease": {"fencing": "on"}
  },
  "set": {"lease": "10s"},
  "seeds": 200,
  "defaults": "scenario",
  "thresholds": [
    {"property": "work_exclusion", "scenario": "calm", "max_violated_ppm": 0},
    {"property": "effect_safety", "scenario": "gc-pauses", "algorithm": "etcd-lease",
     "max_violated_ppm": 0}
  ]
}
)";

int init(const std::string& file) {
  std::error_code ignored;
  if (std::filesystem::exists(std::filesystem::symlink_status(file, ignored))) {
    return bad_input(file, "is there already and stays as it is",
                     "the name of a file that is not there yet");
  }
  const int written = write_output(file, kExample);
  if (written != 0) return written;
  std::fprintf(stderr,
               "leasehold: %s written; next: leasehold compare %s\n"
               "Its keys: leasehold schema campaign\n",
               file.c_str(), file.c_str());
  return kHolds;
}

}  // namespace

void add_init(App& app) {
  CLI::App* command = app.parser.add_subcommand("init", "write an example campaign.json");
  const auto file = std::make_shared<std::string>("campaign.json");
  command->add_option("FILE", *file, "where to; never one that is there already")
      ->capture_default_str();
  command->callback([&app, file] { app.action = [file] { return init(*file); }; });
}

}  // namespace leasehold::cli
