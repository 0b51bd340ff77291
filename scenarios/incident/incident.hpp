#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "checkers/property.hpp"
#include "scenarios/incident/trail.hpp"
#include "scenarios/load.hpp"
#include "scenarios/run_plan.hpp"
#include "scenarios/scenario.hpp"
#include "support/expected.hpp"

/// Incident files: one run with all that fixes it, to be kept, sent, edited and run again.
namespace leasehold::scenarios {

/// The version of the form of the files. A later one is refused.
inline constexpr std::uint32_t kIncidentVersion = 1;

/// The verdict on each property, by Property; none where nothing is known.
struct RecordedVerdicts {
  std::array<std::optional<checkers::Verdict>, checkers::kPropertyCount> of;

  static RecordedVerdicts from(const checkers::RunVerdicts& verdicts);
  friend bool operator==(const RecordedVerdicts&, const RecordedVerdicts&) = default;
};

/// What the run showed when it was kept.
struct Recording {
  std::uint32_t replay_version = 0;
  std::string engine_version;
  std::uint64_t inputs = 0;  ///< what fixes the run, digested: tells whether it was edited since
  std::uint64_t digest = 0;  ///< of the trace
  std::uint32_t events = 0;
  RecordedVerdicts verdicts;
  Trail trail;  ///< tells where another run leaves this one

  friend bool operator==(const Recording&, const Recording&) = default;
};

/// One incident, kept by leasehold or written by hand. What is left out is drawn as ever: the seed
/// by whoever runs it, the faults and the clients' rounds by the seed.
struct Incident {
  std::string title;  ///< one line
  std::string story;  ///< what happened to whom
  std::string algorithm;
  /// As on the command line, fencing among them; those not named have their defaults.
  std::map<std::string, std::string> parameters;
  Scenario scenario;  ///< without variants
  std::optional<std::uint64_t> seed;
  std::optional<FaultPlan> plan;
  std::optional<WorkloadPlan> rounds;
  std::optional<checkers::Property> symptom;  ///< the violation that it is about
  std::optional<Recording> recorded;

  friend bool operator==(const Incident&, const Incident&) = default;
};

/// `file` is for the diagnostics. The scenario of a file may be the name of a library scenario, and
/// its `set` changes it as `--set scenario.PATH=VALUE` does.
support::Expected<Incident> parse_incident(std::string_view text, const std::string& file);
support::Expected<Incident> load_incident(const std::string& path);

/// Whether the path names a file that says of itself that it is an incident, good or bad.
bool is_incident_file(const std::string& path);

/// Whether a file may hold so many rounds: those of some days of simulated time. More can be left
/// to the seed.
bool fit_a_file(const WorkloadPlan& rounds);

/// The file's text. Parsing it gives an equal incident.
std::string to_text(const Incident& incident);

/// Of all that fixes the run, and of nothing else.
std::uint64_t inputs_digest(const Incident& incident);

/// Every key that a file may have, as JSON pointers with `*` for list positions.
std::set<std::string> incident_keys();

}  // namespace leasehold::scenarios
