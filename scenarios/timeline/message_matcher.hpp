#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "scenarios/timeline/timeline.hpp"
#include "sim/process/message.hpp"

namespace leasehold::scenarios {

/// Finds for each message that was sent the event by which it arrived or was lost. The world gives
/// messages no number: what a connection carries arrives in the order of sending, and of equal
/// datagrams on their way the one sent first counts as the one that arrives.
class MessageMatcher {
 public:
  using Connection = std::uint64_t;

  void send_datagram(const TimelineMessage& sent, const sim::Message& content);
  void settle_datagram(LaneIndex from, LaneIndex to, const sim::Message& content, EventIndex at,
                       TimelineMessage::Fate fate);
  void send(Connection connection, const TimelineMessage& sent);
  void arrive(Connection connection, LaneIndex from, EventIndex at);
  /// What was sent last did not get through at once.
  void stall(Connection connection, LaneIndex from);
  /// One end is gone. What has not arrived may be on its way still, and is lost if it never does.
  void break_off(Connection connection, EventIndex at);

  /// All messages, in the order of sending.
  std::vector<TimelineMessage> finish();

 private:
  struct Datagram {
    sim::Message content;
    std::size_t message;
  };
  /// One direction of a connection: the messages before `next` have arrived.
  struct Stream {
    std::vector<std::size_t> messages;
    std::size_t next = 0;
  };

  std::vector<TimelineMessage> messages_;
  std::map<std::pair<LaneIndex, LaneIndex>, std::vector<Datagram>> datagrams_;
  std::map<std::pair<Connection, LaneIndex>, Stream> streams_;  ///< by connection and sender
  std::map<Connection, EventIndex> broken_;
};

}  // namespace leasehold::scenarios
