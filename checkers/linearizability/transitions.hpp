#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "checkers/linearizability/hashing.hpp"
#include "checkers/linearizability/specification.hpp"

namespace leasehold::checkers {

/// A state of a specification, and one of its different operations, as small numbers.
using StateId = std::uint32_t;
using Letter = std::uint32_t;

inline constexpr StateId kInitial = 0;
/// The operation is not allowed in that state.
inline constexpr StateId kNoState = std::numeric_limits<StateId>::max();

/// The steps of a specification between numbered states, computed when they are first asked for.
/// With few letters each state keeps a row of them, so that no step is computed twice.
class Transitions {
 public:
  Transitions() = default;
  Transitions(const Transitions&) = delete;
  Transitions& operator=(const Transitions&) = delete;
  virtual ~Transitions() = default;

  [[nodiscard]] StateId next(StateId state, Letter letter) {
    if (row_ == 0) return compute(state, letter);
    const std::size_t cell = state * row_ + letter;
    if (cell >= cells_.size()) cells_.resize((state + 1) * row_, kUnknown);
    if (cells_[cell] == kUnknown) {
      const StateId after = compute(state, letter);
      cells_[cell] = after;
    }
    return cells_[cell];
  }
  /// Whether the state allows an observer.
  [[nodiscard]] bool allows(StateId state, Letter observer) {
    return row_ == 0 ? look(state, observer) : next(state, observer) == state;
  }
  [[nodiscard]] virtual std::size_t letters() const = 0;

  /// What the specification says of ways to a goal: see Specification.
  [[nodiscard]] virtual bool knows_ways() const = 0;
  [[nodiscard]] virtual bool near(StateId state, Letter goal) const = 0;
  [[nodiscard]] virtual bool leads_to(Letter letter, Letter goal) const = 0;

  [[nodiscard]] virtual std::size_t bytes() const { return cells_.capacity() * sizeof(StateId); }

 protected:
  /// After the last letter is known, before the first step.
  void keep_rows(std::size_t letters) { row_ = letters <= kMostInRow ? letters : 0; }

 private:
  static constexpr std::size_t kMostInRow = 64;
  static constexpr StateId kUnknown = kNoState - 1;

  virtual StateId compute(StateId state, Letter letter) = 0;
  virtual bool look(StateId state, Letter observer) = 0;

  std::size_t row_ = 0;  ///< letters in a row; 0: no rows are kept
  std::vector<StateId> cells_;
};

/// Numbers different values in the order of their first mention.
template <class Value>
class Numbering {
 public:
  std::uint32_t of(const Value& value, std::uint64_t hash) {
    if (2 * (values_.size() + 1) > slots_.size()) grow();
    std::size_t slot = mix(hash) & (slots_.size() - 1);
    for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
      const std::uint32_t number = slots_[slot] - 1;
      if (hashes_[number] == hash && values_[number] == value) return number;
    }
    values_.push_back(value);
    hashes_.push_back(hash);
    slots_[slot] = static_cast<std::uint32_t>(values_.size());
    return slots_[slot] - 1;
  }
  const Value& operator[](std::uint32_t number) const { return values_[number]; }
  [[nodiscard]] std::size_t size() const { return values_.size(); }
  [[nodiscard]] std::size_t bytes() const {
    return values_.capacity() * sizeof(Value) + hashes_.capacity() * sizeof(std::uint64_t) +
           slots_.capacity() * sizeof(std::uint32_t);
  }

 private:
  void grow() {
    slots_.assign(slots_.empty() ? 32 : 2 * slots_.size(), 0);
    for (std::uint32_t number = 0; number < values_.size(); ++number) {
      std::size_t slot = mix(hashes_[number]) & (slots_.size() - 1);
      while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
      slots_[slot] = number + 1;
    }
  }

  std::vector<Value> values_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> slots_;  ///< 1 + number, 0: free; a power of two
};

template <Specification S>
class TransitionsOf final : public Transitions {
 public:
  explicit TransitionsOf(const S& specification) : specification_(specification) {
    const typename S::State initial = specification.initial();
    states_.of(initial, S::hash(initial));
  }

  /// All letters come before the first step.
  Letter letter(const typename S::Operation& operation) {
    return letters_.of(operation, hash_of<S>(operation));
  }
  void begin() { keep_rows(letters_.size()); }

  [[nodiscard]] std::size_t letters() const override { return letters_.size(); }
  [[nodiscard]] bool knows_ways() const override { return kKnowsWays; }
  [[nodiscard]] bool near(StateId state, Letter goal) const override {
    if constexpr (kKnowsWays) return S::near(states_[state], letters_[goal]);
    return true;
  }
  [[nodiscard]] bool leads_to(Letter letter, Letter goal) const override {
    if constexpr (kKnowsWays) return S::leads_to(letters_[letter], letters_[goal]);
    return true;
  }
  [[nodiscard]] std::size_t bytes() const override {
    return Transitions::bytes() + states_.bytes() + letters_.bytes() + held_;
  }

 private:
  static constexpr bool kKnowsWays =
      requires(const typename S::State& state, const typename S::Operation& operation) {
        { S::near(state, operation) } -> std::same_as<bool>;
        { S::leads_to(operation, operation) } -> std::same_as<bool>;
      };

  StateId compute(StateId state, Letter letter) override {
    const std::optional<typename S::State> after =
        specification_.step(states_[state], letters_[letter]);
    if (!after) return kNoState;
    const std::size_t known = states_.size();
    const StateId number = states_.of(*after, S::hash(*after));
    if constexpr (requires {
                    { S::bytes(*after) } -> std::same_as<std::size_t>;
                  }) {
      if (number == known) held_ += S::bytes(*after);
    }
    return number;
  }

  bool look(StateId state, Letter observer) override {
    const typename S::State& before = states_[state];
    const typename S::Operation& operation = letters_[observer];
    if constexpr (requires {
                    { specification_.allows(before, operation) } -> std::same_as<bool>;
                  }) {
      return specification_.allows(before, operation);
    } else {
      return specification_.step(before, operation).has_value();
    }
  }

  const S& specification_;
  Numbering<typename S::State> states_;
  Numbering<typename S::Operation> letters_;
  std::size_t held_ = 0;  ///< by the states outside of themselves
};

}  // namespace leasehold::checkers
