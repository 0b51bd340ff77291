#include "models/controls/none.hpp"

namespace leasehold::models::controls {
namespace {

class NoLock final : public LockClient {
 public:
  using LockClient::LockClient;

  sim::Task<Answer> acquire(AttemptId attempt, sim::MonoTime) override {
    believe(attempt, 0, Deadline());
    co_return Answer::yes;
  }
  sim::Task<Answer> release() override {
    stop_believing();
    co_return Answer::yes;
  }
};

class NoDeployment final : public Deployment {
 public:
  std::vector<ServerSlot> servers() override { return {}; }
  void bind(std::span<sim::Process* const>) override {}
  std::unique_ptr<LockClient> client(sim::Process& self, ClientId client) override {
    return std::make_unique<NoLock>(self, client);
  }
  std::optional<std::uint32_t> leader() const override { return std::nullopt; }
  bool has_token() const override { return false; }
};

class None final : public Algorithm {
 public:
  const AlgorithmInfo& info() const override { return info_; }
  std::unique_ptr<Deployment> deploy(const Setting&, const Parameters&) const override {
    return std::make_unique<NoDeployment>();
  }
  std::optional<Setting> vendor_setting(const Setting& scenario, const Parameters&) const override {
    return scenario;
  }

 private:
  AlgorithmInfo info_{"none",
                      "no lock at all: the control that must fail",
                      "none",
                      "none",
                      "none: nobody is ever refused",
                      "",
                      LockSpecification::none,
                      {}};
};

}  // namespace

std::unique_ptr<Algorithm> none() { return std::make_unique<None>(); }

}  // namespace leasehold::models::controls
