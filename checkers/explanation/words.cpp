#include "checkers/explanation/words.hpp"

#include <cctype>

namespace leasehold::checkers {
namespace {

std::string described(const NamedCall& call) {
  std::string text = call.who + "'s " + call.what + " (" + call.asked;
  if (!call.answered.empty()) text += ", answered in " + call.answered;
  return text + ")";
}

/// The holds that the calls make: each acquire with the release that follows it, if one does.
std::vector<Span> spans_of(const std::vector<NamedCall>& calls) {
  std::vector<Span> spans;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const bool ends = !spans.empty() && spans.back().last == spans.back().first &&
                      calls[i].who == calls[spans.back().first].who;
    if (ends) {
      spans.back().last = i;
      spans.back().last_invoked = calls[i].invoked;
    } else {
      spans.push_back({i, i, calls[i].responded, kNever, 0});
    }
  }
  return spans;
}

std::string hold_in_words(const std::vector<NamedCall>& calls, const Span& span) {
  const NamedCall& acquired = calls[span.first];
  std::string text = acquired.who + " was told in " + acquired.answered + " that it held the lock";
  if (span.last == span.first) return text + ", and never asked to give it back";
  return text + ", and did not ask to give it back before " + calls[span.last].asked;
}

}  // namespace

std::string holds_in_words(const std::vector<NamedCall>& calls) {
  const std::vector<Span> spans = spans_of(calls);
  const std::vector<Precedence> cycle = shortest_cycle(spans);
  if (cycle.empty()) return {};
  std::string text;
  for (const Precedence& edge : cycle) {
    std::string hold = hold_in_words(calls, spans[edge.before]);
    if (text.empty()) hold.front() = static_cast<char>(std::toupper(hold.front()));
    text += (text.empty() ? "" : "; ") + hold;
  }
  text += ".";
  for (const Precedence& edge : cycle) {
    const NamedCall& earlier = calls[spans[edge.before].first];
    const NamedCall& later = calls[spans[edge.after].first];
    text += " The hold of " + later.who + " cannot have ended before that of " + earlier.who +
            " began, because " + earlier.who + " had its answer in " + earlier.answered;
    const Span& after = spans[edge.after];
    text += after.last == after.first
                ? " and " + later.who + " never gave up."
                : ", before " + later.who + " asked in " + calls[after.last].asked + " to release.";
  }
  return text + " So each hold would have to come before the other: a contradiction.";
}

std::vector<Precedence> real_time_edges(const std::vector<NamedCall>& calls) {
  const auto precedes = [&calls](std::size_t a, std::size_t b) {
    return calls[a].responded < calls[b].invoked;
  };
  std::vector<Precedence> edges;
  for (std::size_t a = 0; a < calls.size(); ++a) {
    for (std::size_t b = 0; b < calls.size(); ++b) {
      if (!precedes(a, b)) continue;
      bool follows = false;
      for (std::size_t between = 0; between < calls.size() && !follows; ++between) {
        follows = precedes(a, between) && precedes(between, b);
      }
      if (!follows) edges.push_back({a, b, Precedence::Reason::real_time});
    }
  }
  return edges;
}

std::string core_in_words(const std::vector<NamedCall>& calls, std::size_t blocked,
                          std::size_t placed, bool smallest) {
  std::string text = calls.size() == 1 ? "This call cannot have been answered so"
                                       : "These " + std::to_string(calls.size()) +
                                             " calls cannot all have been answered so";
  text += ", whatever all others did: ";
  for (std::size_t i = 0; i < calls.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == calls.size() ? " and " : ", ") + described(calls[i]);
  }
  text += ".";
  for (const Precedence& edge : real_time_edges(calls)) {
    text += " In real time, " + calls[edge.before].who + "'s " + calls[edge.before].what +
            " precedes " + calls[edge.after].who + "'s " + calls[edge.after].what +
            ": it was answered in " + calls[edge.before].answered +
            ", before the other was asked in " + calls[edge.after].asked + ".";
  }
  text += " Everything answered earlier has a legal order, of " + std::to_string(placed) +
          " calls; none is left in which " + described(calls[blocked]) +
          " takes effect by the time it was answered.";
  if (smallest) text += " Without any one of them the rest would be legal.";
  return text;
}

}  // namespace leasehold::checkers
