#include "checkers/explanation/words.hpp"

#include <cctype>

namespace leasehold::checkers {
namespace {

std::string described(const NamedCall& call) {
  std::string text = call.who + "'s " + call.what + " (" + call.asked;
  if (!call.answered.empty()) text += ", answered in " + call.answered;
  return text + ")";
}

std::string capitalised(std::string text) {
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text;
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
    const std::string hold = hold_in_words(calls, spans[edge.before]);
    text += text.empty() ? capitalised(hold) : "; " + hold;
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

std::string leases_in_words() {
  return "These holds do not fit into their time: however early each begins within its acquire, "
         "the "
         "one before has neither been given back nor run out by the time the last acquire was "
         "answered.";
}

std::string renewal_in_words(const std::vector<NamedCall>& calls) {
  const NamedCall& renewal = calls.back();
  std::string text = capitalised(renewal.who) + " was told in " + renewal.answered +
                     " that what it held was renewed, ";
  if (calls.size() == 1) return text + "but it had never asked for it.";
  return text + "but its hold was over before it asked in " + renewal.asked + ".";
}

std::string refusal_in_words(const std::vector<NamedCall>& calls) {
  const NamedCall& refused = calls.front();
  std::string text = capitalised(refused.who) + " asked in " + refused.asked +
                     " for the lock and was refused it in " + refused.answered +
                     ", but nobody can have held it in between";
  if (calls.size() == 1) return text + ".";
  return text + ": whoever had been granted it without being told would hold it for ever, and " +
         calls[1].who + " was granted it later, as it was told in " + calls[1].answered + ".";
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

std::vector<Precedence> core_edges(const std::vector<NamedCall>& calls, const CoreFacts& facts) {
  std::vector<Precedence> edges = real_time_edges(calls);
  if (!facts.overtaken) return edges;
  edges.push_back({facts.blocked, *facts.overtaken, Precedence::Reason::answers});
  return shortest_cycle(calls.size(), edges);
}

std::string core_in_words(const std::vector<NamedCall>& calls, const CoreFacts& facts) {
  std::string text = calls.size() == 1 ? "This call cannot have been answered so"
                                       : "These " + std::to_string(calls.size()) +
                                             " calls cannot all have been answered so";
  text += ", whatever all others did: ";
  for (std::size_t i = 0; i < calls.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == calls.size() ? " and " : ", ") + described(calls[i]);
  }
  text += ".";
  for (const Precedence& edge : core_edges(calls, facts)) {
    const NamedCall& before = calls[edge.before];
    const NamedCall& after = calls[edge.after];
    if (edge.reason == Precedence::Reason::answers) {
      text += " In every order that explains the answers, " + described(before) + " comes before " +
              described(after) + ".";
    } else {
      text += " In real time, " + before.who + "'s " + before.what + " precedes " + after.who +
              "'s " + after.what + ": it was answered in " + before.answered +
              ", before the other was asked in " + after.asked + ".";
    }
  }
  if (facts.overtaken) text += " So each would have to come before the other: a contradiction.";
  text += " Everything answered earlier has a legal order, of " + std::to_string(facts.placed) +
          " calls; none is left in which " + described(calls[facts.blocked]) +
          " takes effect by the time it was answered.";
  if (facts.smallest) text += " Without any one of them the rest would be legal.";
  return text;
}

}  // namespace leasehold::checkers
