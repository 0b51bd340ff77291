#include "checkers/explanation/precedence.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/strong_components.hpp>

namespace leasehold::checkers {
namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property,
                                    Precedence>;
using Vertex = boost::graph_traits<Graph>::vertex_descriptor;
using Edge = boost::graph_traits<Graph>::edge_descriptor;

/// The way by which each vertex is first reached.
struct Ways : boost::default_bfs_visitor {
  explicit Ways(std::vector<const Precedence*>& found) : by(&found) {}
  void tree_edge(Edge edge, const Graph& graph) const {
    (*by)[boost::target(edge, graph)] = &graph[edge];
  }
  std::vector<const Precedence*>* by;
};

/// The shortest cycle through the vertex, within its strong component.
std::vector<Precedence> cycle_through(Vertex start, const Graph& graph) {
  std::vector<const Precedence*> by(boost::num_vertices(graph), nullptr);
  boost::breadth_first_search(graph, start, boost::visitor(Ways(by)));
  std::vector<Precedence> shortest;
  for (auto [edge, end] = boost::edges(graph); edge != end; ++edge) {
    const Precedence& closing = graph[*edge];
    if (closing.after != start || (closing.before != start && by[closing.before] == nullptr)) {
      continue;
    }
    std::vector<Precedence> cycle = {closing};
    for (std::size_t at = closing.before; at != start; at = by[at]->before) {
      cycle.push_back(*by[at]);
    }
    if (shortest.empty() || cycle.size() < shortest.size()) shortest = std::move(cycle);
  }
  std::reverse(shortest.begin(), shortest.end());
  return shortest;
}

}  // namespace

std::vector<Precedence> shortest_cycle(std::size_t calls, const std::vector<Precedence>& edges) {
  Graph graph(calls);
  for (const Precedence& edge : edges) boost::add_edge(edge.before, edge.after, edge, graph);
  std::vector<std::size_t> component(calls);
  const auto index = boost::get(boost::vertex_index, graph);
  const std::size_t components =
      boost::strong_components(graph, boost::make_iterator_property_map(component.begin(), index));
  std::vector<std::size_t> sizes(components, 0);
  for (const std::size_t of : component) ++sizes[of];
  std::vector<Precedence> shortest;
  for (Vertex vertex = 0; vertex < calls; ++vertex) {
    if (sizes[component[vertex]] < 2) continue;
    std::vector<Precedence> cycle = cycle_through(vertex, graph);
    if (shortest.empty() || cycle.size() < shortest.size()) shortest = std::move(cycle);
  }
  return shortest;
}

std::vector<Precedence> shortest_cycle(const std::vector<Span>& spans) {
  std::vector<Precedence> edges;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    for (std::size_t j = 0; j < spans.size(); ++j) {
      if (i == j) continue;
      using Reason = Precedence::Reason;
      if (spans[i].first_responded < spans[j].last_invoked) {
        edges.push_back({i, j, Reason::real_time});
      } else if (spans[i].token != 0 && spans[j].token != 0 && spans[i].token <= spans[j].token) {
        edges.push_back({i, j, Reason::token});
      }
    }
  }
  return shortest_cycle(spans.size(), edges);
}

}  // namespace leasehold::checkers
