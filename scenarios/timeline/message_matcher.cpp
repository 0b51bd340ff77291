#include "scenarios/timeline/message_matcher.hpp"

#include <algorithm>

namespace leasehold::scenarios {
namespace {

bool same(const sim::Message& a, const sim::Message& b) {
  if (a.type() != b.type() || a.words() != b.words()) return false;
  for (std::size_t i = 0; i < a.words(); ++i) {
    if (a.word(i) != b.word(i)) return false;
  }
  return true;
}

}  // namespace

void MessageMatcher::send_datagram(const TimelineMessage& sent, const sim::Message& content) {
  datagrams_[{sent.from, sent.to}].push_back({content, messages_.size()});
  messages_.push_back(sent);
}

void MessageMatcher::settle_datagram(LaneIndex from, LaneIndex to, const sim::Message& content,
                                     EventIndex at, TimelineMessage::Fate fate) {
  std::vector<Datagram>& pending = datagrams_[{from, to}];
  const auto found = std::find_if(pending.begin(), pending.end(), [&](const Datagram& datagram) {
    return same(datagram.content, content);
  });
  LH_ASSERT(found != pending.end());
  messages_[found->message].settled = at;
  messages_[found->message].fate = fate;
  pending.erase(found);
}

void MessageMatcher::send(Connection connection, const TimelineMessage& sent) {
  streams_[{connection, sent.from}].messages.push_back(messages_.size());
  messages_.push_back(sent);
}

void MessageMatcher::arrive(Connection connection, LaneIndex from, EventIndex at) {
  Stream& stream = streams_[{connection, from}];
  LH_ASSERT(stream.next < stream.messages.size());
  TimelineMessage& message = messages_[stream.messages[stream.next++]];
  message.settled = at;
  message.fate = TimelineMessage::Fate::arrived;
}

void MessageMatcher::stall(Connection connection, LaneIndex from) {
  const Stream& stream = streams_[{connection, from}];
  if (stream.next < stream.messages.size()) messages_[stream.messages.back()].stalled = true;
}

void MessageMatcher::break_off(Connection connection, EventIndex at) {
  broken_.try_emplace(connection, at);
}

std::vector<TimelineMessage> MessageMatcher::finish() {
  for (const auto& [key, stream] : streams_) {
    const auto broken = broken_.find(key.first);
    if (broken == broken_.end()) continue;
    for (std::size_t i = stream.next; i < stream.messages.size(); ++i) {
      TimelineMessage& message = messages_[stream.messages[i]];
      message.fate = TimelineMessage::Fate::lost;
      message.settled = std::max(message.sent, broken->second);
    }
  }
  return std::move(messages_);
}

}  // namespace leasehold::scenarios
