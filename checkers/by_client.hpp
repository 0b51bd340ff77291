#pragma once

#include <cstddef>
#include <vector>

#include "checkers/record/record.hpp"

/// What a fold knows of each client, in a vector that grows when a client is first mentioned.
namespace leasehold::checkers {

template <class Value>
[[gnu::cold, gnu::noinline]] void make_room_for(std::vector<Value>& by_client, ClientId client) {
  by_client.resize(client + std::size_t{1});
}

template <class Value>
Value& of_client(std::vector<Value>& by_client, ClientId client) {
  if (client >= by_client.size()) make_room_for(by_client, client);
  return by_client[client];
}

}  // namespace leasehold::checkers
