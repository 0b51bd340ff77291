#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>

#include "checkers/specifications/key_value_map.hpp"
#include "checkers/specifications/multi_register.hpp"
#include "checkers/specifications/reading.hpp"
#include "checkers/specifications/register.hpp"
#include "checkers/specifications/set.hpp"

/// How histories speak of registers, maps and sets. What an answer does not tell, such as a read of
/// nil in Jepsen's histories, says nothing; a failed call did not happen.
namespace leasehold::checkers {

template <class S>
using ReadOperation = support::Expected<std::optional<typename S::Operation>>;

/// read, write and, as a CAS register, cas of `[expected new]`.
class RegisterReader {
 public:
  explicit RegisterReader(const ReadingRules& rules) : rules_(rules) {}
  ReadOperation<Register> read(const RecordedCall& call);
  [[nodiscard]] Register specification() const {
    return Register(rules_.initial.value_or(Value{}));
  }

 protected:
  RegisterReader(const ReadingRules& rules, bool cas) : rules_(rules), cas_(cas) {}

 private:
  ReadOperation<Register> read_cas(const RecordedCall& call) const;

  ReadingRules rules_;
  bool cas_ = false;
};

class CasRegisterReader : public RegisterReader {
 public:
  explicit CasRegisterReader(const ReadingRules& rules) : RegisterReader(rules, true) {}
};

/// get, put and append; the key stands under `:key`, or before the value in `[key value]`.
class KeyValueReader {
 public:
  explicit KeyValueReader(const ReadingRules&) {}
  ReadOperation<KeyValueMap> read(const RecordedCall& call);
  [[nodiscard]] KeyValueMap specification() const { return {}; }
};

/// txn of `[[:read :x nil] [:write :y 2]]`, answered with what was read.
class MultiRegisterReader {
 public:
  explicit MultiRegisterReader(const ReadingRules& rules) : rules_(rules) {}
  ReadOperation<MultiRegister> read(const RecordedCall& call);
  [[nodiscard]] MultiRegister specification() const;

 private:
  ReadingRules rules_;
};

/// add, remove, contains (answered with a boolean) and read (answered with all members).
class SetReader {
 public:
  explicit SetReader(const ReadingRules&) {}
  ReadOperation<Set> read(const RecordedCall& call);
  [[nodiscard]] Set specification() const { return {}; }
};

}  // namespace leasehold::checkers
