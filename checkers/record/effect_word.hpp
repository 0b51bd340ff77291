#pragma once

#include <string_view>

#include "checkers/record/record.hpp"

namespace leasehold::checkers {

/// What an effect of the kind is called.
constexpr std::string_view effect_word(Effect::Kind kind) {
  switch (kind) {
    case Effect::Kind::read:
      return "read";
    case Effect::Kind::write:
      return "write";
    case Effect::Kind::notice:
      break;
  }
  return "notice";
}

}  // namespace leasehold::checkers
