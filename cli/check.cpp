#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>

#include "checkers/formats/edn_reader.hpp"
#include "checkers/formats/write_event.hpp"
#include "checkers/record/verdict_word.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "reports/check_report.hpp"
#include "reports/history_page.hpp"
#include "reports/progress.hpp"
#include "support/read_file.hpp"

namespace leasehold::cli {
namespace {

using checkers::CheckOptions;
using checkers::FailedReleases;
using checkers::Verdict;
using reports::NamedCheck;

constexpr std::uint64_t kLongestTimeoutS = 10'000'000;
constexpr std::uint64_t kMostMemoryMib = 10'000'000;

struct CheckFlags {
  CommonFlags common;
  std::vector<std::string> histories;
  std::string specification;
  std::string initial;
  std::string policy = "drop";
  std::string exit_by = "service";
  std::string certificate;
  std::string verify;
  std::string export_as;
  std::uint64_t timeout_s = 60;
  std::uint64_t memory_mib = 1024;
};

/// Tells a search to give up once its time is over.
class Timer {
 public:
  explicit Timer(std::chrono::seconds limit)
      : thread_([this, limit] {
          std::unique_lock lock(mutex_);
          if (!done_.wait_for(lock, limit, [this] { return finished_; })) over_ = true;
        }) {}
  ~Timer() {
    {
      const std::lock_guard lock(mutex_);
      finished_ = true;
    }
    done_.notify_one();
    thread_.join();
  }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  const std::atomic<bool>* over() const { return &over_; }

 private:
  std::atomic<bool> over_ = false;
  bool finished_ = false;
  std::mutex mutex_;
  std::condition_variable done_;
  std::thread thread_;
};

/// A line on stderr about which history is being judged.
class ProgressLine {
 public:
  ProgressLine(reports::ProgressMode mode, std::size_t histories)
      : mode_(histories > 1 ? mode : reports::ProgressMode::none), histories_(histories) {}
  ~ProgressLine() {
    if (mode_ == reports::ProgressMode::bar) std::fputs("\r\033[K", stderr);
  }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// Lines come no more than one a second, a bar is redrawn for each history.
  void judging(const std::string& file) {
    ++begun_;
    if (mode_ == reports::ProgressMode::none) return;
    const bool bar = mode_ == reports::ProgressMode::bar;
    const auto now = std::chrono::steady_clock::now();
    if (!bar && begun_ > 1 && now - written_ < std::chrono::seconds(1)) return;
    written_ = now;
    std::fprintf(stderr, "%schecking %zu of %zu: %.60s%s", bar ? "\r\033[K" : "", begun_,
                 histories_, file.c_str(), bar ? "" : "\n");
    std::fflush(stderr);
  }

 private:
  reports::ProgressMode mode_;
  std::size_t histories_;
  std::size_t begun_ = 0;
  std::chrono::steady_clock::time_point written_;
};

support::Diagnostics in_file(support::Diagnostics problems, const std::string& file) {
  for (support::Diagnostic& problem : problems) problem.file = file;
  return problems;
}

support::Expected<checkers::CheckedHistory> read(const std::string& file,
                                                 const CheckOptions& options) {
  auto source = checkers::FileSource::open(file);
  if (!source) return source.error();
  auto history = checkers::read_history(std::move(source).value(), options);
  if (!history) return in_file(history.error(), file);
  return history;
}

std::optional<FailedReleases> policy_named(const std::string& name) {
  for (const FailedReleases policy :
       {FailedReleases::drop, FailedReleases::ends_hold, FailedReleases::observation}) {
    if (reports::word(policy) == name) return policy;
  }
  return std::nullopt;
}

bool draws(const CheckFlags& flags) {
  return flags.common.format == "html" || flags.common.format == "svg";
}

/// What the flags say about how to judge.
support::Expected<CheckOptions> options_of(const CheckFlags& flags) {
  support::Diagnostic wrong;
  CheckOptions options;
  if (flags.specification.empty()) {
    wrong.file = "--specification";
    wrong.message = "is missing";
    wrong.expected = "one of those that `leasehold list specifications` shows";
    return support::Diagnostics{wrong};
  }
  auto specification = checkers::find_specification(flags.specification);
  if (!specification) return specification.error();
  options.specification = std::move(specification).value();
  options.policy = *policy_named(flags.policy);
  if (options.specification.lease_gone_is_ok) options.policy = FailedReleases::ends_hold;
  options.certify = !flags.certificate.empty() || draws(flags);
  options.budget.bytes = static_cast<std::size_t>(flags.memory_mib) << 20;
  options.budget.steps = std::numeric_limits<std::uint64_t>::max();
  if (flags.initial.empty() || options.specification.lock) return options;
  auto initial = checkers::parse_edn(flags.initial);
  if (!initial) return in_file(initial.error(), "--initial " + flags.initial);
  options.initial = std::move(initial).value();
  return options;
}

/// The verdicts that the exit code is asked to be. What a history cannot tell is no verdict: where
/// it is the only one asked for, it is not known.
std::vector<Verdict> verdicts_of(const checkers::CheckedHistory& history,
                                 const std::string& exit_by) {
  std::vector<Verdict> verdicts;
  if (exit_by != "belief" && exit_by != "effect") verdicts.push_back(history.judgement.verdict);
  if (exit_by == "belief" || exit_by == "all") verdicts.push_back(history.views.belief());
  if (exit_by == "effect" || exit_by == "all") verdicts.push_back(history.views.effect());
  if (verdicts.size() == 1 && verdicts[0] == Verdict::not_applicable) return {Verdict::unknown};
  return verdicts;
}

int exit_code_of(const std::vector<NamedCheck>& checks, const std::string& exit_by) {
  int code = kHolds;
  for (const NamedCheck& check : checks) {
    for (const Verdict verdict : verdicts_of(check.history, exit_by)) {
      if (verdict == Verdict::violated) return kViolated;
      if (verdict == Verdict::unknown) code = kInconclusive;
    }
  }
  return code;
}

int write_certificate(const CheckFlags& flags, const NamedCheck& check,
                      const CheckOptions& options) {
  const auto certificate = reports::certificate_of(check.history, options);
  if (!certificate) {
    std::fputs("leasehold: no certificate is written: nothing proves the verdict in a few lines\n",
               stderr);
    return 0;
  }
  if (reports::verify(*certificate, check.history) == Verdict::unknown) {
    std::fputs("leasehold: the certificate cannot be verified: there are too many orders to try\n",
               stderr);
  }
  return write_output(flags.certificate, certificate_json(*certificate));
}

std::string rendered(const std::string& format, const std::vector<NamedCheck>& checks,
                     const CheckOptions& options) {
  if (format == "json") return check_json(checks, options);
  if (format == "text") return check_text(checks, options);
  const NamedCheck& check = checks.front();
  const reports::Violation violation = reports::explain_violation(check.history);
  return format == "svg" ? history_svg(check, violation) : history_page(check, violation);
}

int judge_all(const CheckFlags& flags, CheckOptions options, reports::ProgressMode mode) {
  std::vector<NamedCheck> checks;
  support::Diagnostics problems;
  {
    ProgressLine progress(flags.common.quiet ? reports::ProgressMode::none : mode,
                          flags.histories.size());
    for (const std::string& file : flags.histories) {
      progress.judging(file);
      auto history = read(file, options);
      if (!history) {
        problems.insert(problems.end(), history.error().begin(), history.error().end());
        continue;
      }
      checks.push_back({file, std::move(history).value()});
      const Timer timer{std::chrono::seconds(flags.timeout_s)};
      options.budget.stop = timer.over();
      judge_history(checks.back().history, options);
    }
  }
  if (!problems.empty()) return bad_input(problems);
  if (!flags.certificate.empty()) {
    if (const int failed = write_certificate(flags, checks.front(), options)) return failed;
  }
  const std::string text = rendered(flags.common.format, checks, options);
  const int written = write_output(flags.common.output, text);
  return written != 0 ? written : exit_code_of(checks, flags.exit_by);
}

int verify(CheckFlags& flags) {
  constexpr std::size_t kMost = std::size_t{1} << 30;
  const auto text = support::read_file(flags.verify, kMost);
  if (!text) return bad_input(text.error());
  const auto certificate = reports::parse_certificate(*text, flags.verify);
  if (!certificate) return bad_input(certificate.error());
  if (flags.specification.empty()) flags.specification = certificate->specification;
  if (flags.specification != certificate->specification) {
    return bad_input(flags.verify, "is about " + certificate->specification,
                     "--specification " + certificate->specification);
  }
  auto options = options_of(flags);
  if (!options) return bad_input(options.error());
  options->policy = certificate->policy;
  options->initial = certificate->initial;
  const auto history = read(flags.histories.front(), *options);
  if (!history) return bad_input(history.error());
  const Verdict proved = reports::verify(*certificate, *history);
  const std::string claim = flags.histories.front() + ": " +
                            std::string(checkers::verdict_word(certificate->verdict)) + " (" +
                            certificate->specification + ")";
  if (proved == Verdict::not_applicable) {
    return bad_input(flags.verify, "does not prove of " + claim, "a certificate of this history");
  }
  if (proved == Verdict::unknown) {
    std::fputs("leasehold: not verified: there are too many orders to try\n", stderr);
    return kInconclusive;
  }
  const int written = write_output(flags.common.output, claim + ": verified\n");
  return written != 0 ? written : proved == Verdict::holds ? kHolds : kViolated;
}

/// Writes the history in another format, event by event.
int export_history(const CheckFlags& flags) {
  const std::string& file = flags.histories.front();
  auto source = checkers::FileSource::open(file);
  if (!source) return bad_input(source.error());
  auto opened = checkers::open_history(std::move(source).value());
  if (!opened) return bad_input(in_file(opened.error(), file));
  const bool json = flags.export_as == "jsonl";
  const bool to_file = !flags.common.output.empty();
  const std::string partial = flags.common.output + ".partial";
  std::FILE* out = to_file ? std::fopen(partial.c_str(), "wb") : stdout;
  if (out == nullptr) return bad_input(partial, "cannot be written", "a path you may write to");
  std::string text = json ? checkers::json_lines_header() : "";
  constexpr std::size_t kAtOnce = std::size_t{1} << 16;
  checkers::RecordedEvent event;
  bool sound = true;
  for (bool more = true; more;) {
    more = opened->events->next(event);
    if (more && json) append_json(text, event);
    if (more && !json) append_edn(text, event);
    if (more && text.size() < kAtOnce) continue;
    sound = std::fwrite(text.data(), 1, text.size(), out) == text.size() && sound;
    text.clear();
  }
  sound = (to_file ? std::fclose(out) : std::fflush(out)) == 0 && sound;
  const auto& problem = opened->events->error();
  if (problem || !sound) {
    if (to_file) std::remove(partial.c_str());
    return problem ? bad_input(in_file({*problem}, file))
                   : bad_input(flags.common.output, "cannot be written", "room for it");
  }
  if (!to_file || std::rename(partial.c_str(), flags.common.output.c_str()) == 0) return 0;
  return bad_input(flags.common.output, "cannot be written", "a path you may write to");
}

int check(CheckFlags& flags) {
  const bool one = flags.histories.size() == 1;
  const auto needs_one = [&](const std::string& given, const char* flag) {
    return !given.empty() && !one ? bad_input(flag, "is about one history", "one HISTORY") : 0;
  };
  if (const int failed = needs_one(flags.certificate, "--certificate")) return failed;
  if (const int failed = needs_one(flags.verify, "--verify")) return failed;
  if (const int failed = needs_one(draws(flags) ? "picture" : "", "--format")) return failed;
  if (const int failed = needs_one(flags.export_as, "--export")) return failed;
  const auto mode = reports::progress_mode(flags.common.progress, isatty(STDERR_FILENO) != 0);
  if (!mode) {
    return bad_input("--progress", "has no mode " + flags.common.progress,
                     "auto, bar, lines or none");
  }
  if (!flags.export_as.empty()) return export_history(flags);
  if (!flags.verify.empty()) return verify(flags);
  const auto options = options_of(flags);
  if (!options) return bad_input(options.error());
  return judge_all(flags, *options, *mode);
}

}  // namespace

void add_check(App& app) {
  CLI::App* command =
      app.parser.add_subcommand("check", "judges histories: leasehold's, Jepsen's, Porcupine's");
  const auto flags = std::make_shared<CheckFlags>();
  flags->common.format = "text";
  command->add_option("HISTORY", flags->histories, "files, or - for stdin")->required();
  command->add_option("--specification,--model", flags->specification,
                      "what the history should be of: see list specifications");
  command->add_option("--initial", flags->initial, "an EDN value: what a register starts with");
  command->add_option("--policy", flags->policy, "what a release that failed says")
      ->check(CLI::IsMember({"drop", "ends-hold", "observation"}));
  command
      ->add_option("--exit-by", flags->exit_by,
                   "which verdict the exit code is, or the worst of all")
      ->check(CLI::IsMember({"service", "belief", "effect", "all"}));
  command->add_option("--certificate", flags->certificate,
                      "write a legal order, or the calls that contradict one another, to FILE");
  command->add_option("--verify", flags->verify, "re-check the certificate in FILE");
  command->add_option("--export", flags->export_as, "write the history itself")
      ->check(CLI::IsMember({"edn", "jsonl"}));
  command->add_option("--format", flags->common.format, "of the verdicts")
      ->check(CLI::IsMember({"text", "json", "html", "svg"}));
  command->add_option("--timeout", flags->timeout_s, "seconds for each history's search")
      ->check(whole_number(1, kLongestTimeoutS));
  command
      ->add_option("--memory", flags->memory_mib,
                   "MiB for each history, and as many for its search")
      ->check(whole_number(0, kMostMemoryMib));
  command->add_option("--progress", flags->common.progress, "auto, bar, lines or none");
  add_output(*command, flags->common);
  command->callback([&app, flags] { app.action = [flags] { return check(*flags); }; });
}

}  // namespace leasehold::cli
