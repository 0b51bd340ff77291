#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "support/assert.hpp"

namespace leasehold::sim {

/// What travels: a type tag and up to six words, opaque to the network and trivially destructible,
/// so that it may sit in a co_await expression on g++ 12.
///
/// A protocol declares plain structs with `static constexpr std::uint16_t kMessageType` (unique in
/// leasehold: models/message_types.hpp lists the ranges) and converts with of() and as().
class Message {
 public:
  static constexpr std::size_t kMaxWords = 6;

  Message() : type_(0), words_(0), word_{} {}

  template <class T>
  static Message of(const T& body) {
    static_assert(std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T>,
                  "a message body is plain data without padding, so that its bytes are its value");
    static_assert(sizeof(T) <= kMaxWords * sizeof(std::uint64_t));
    Message message;
    message.type_ = T::kMessageType;
    message.words_ = static_cast<std::uint16_t>((sizeof(T) + 7) / 8);
    std::memcpy(message.word_.data(), &body, sizeof(T));
    return message;
  }

  template <class T>
  bool is() const {
    return type_ == T::kMessageType;
  }

  template <class T>
  T as() const {
    LH_ASSERT(is<T>());
    T body;
    std::memcpy(&body, word_.data(), sizeof(T));
    return body;
  }

  std::uint16_t type() const { return type_; }
  std::size_t words() const { return words_; }
  std::uint64_t word(std::size_t i) const { return word_[i]; }

 private:
  std::uint16_t type_;
  std::uint16_t words_;
  std::array<std::uint64_t, kMaxWords> word_;
};

}  // namespace leasehold::sim
