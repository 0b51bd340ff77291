#!/usr/bin/python3
"""Each check accepts what it should and finds what it should."""

import unittest

import awaits
import banned
import layers
import sizes
from source import tokens


def found(check, path, text):
    return [finding.line for finding in check(path, text)]


class Tokens(unittest.TestCase):
    def test_comments_and_literals_hide_what_they_hold(self):
        for text in ("// rand()", "/* rand() */", '"rand()"', 'R"x(rand()" )x"', "// a \\\n rand()"):
            self.assertNotIn("rand", [token.text for token in tokens(text)], text)

    def test_every_token_knows_its_line(self):
        code = tokens('a /* 1\n2 */ b\n#define M \\\n  x\nc R"(\n\n)" d')
        self.assertEqual([(token.text[0], token.line) for token in code],
                         [("a", 1), ("b", 2), ("#", 3), ("c", 5), ("R", 5), ("d", 7)])

    def test_digit_separators_do_not_begin_a_character(self):
        self.assertEqual([token.text for token in tokens("1'000 'x' 0x1p-3")],
                         ["1'000", "'x'", "0x1p-3"])


class Layers(unittest.TestCase):
    def test_includes_along_the_arrows_are_accepted(self):
        for path, included in (("sim/world/a.cpp", '"sim/process/time.hpp"'),
                               ("models/a.cpp", '"sim/process/time.hpp"'),
                               ("models/a.cpp", '"checkers/record/record.hpp"'),
                               ("scenarios/a.cpp", '"sim/world/kernel.hpp"'),
                               ("scenarios/a.cpp", "<nlohmann/json.hpp>"),
                               ("checkers/formats/a.cpp", "<nlohmann/json.hpp>"),
                               ("tests/sim/a_test.cpp", '"sim/world/kernel.hpp"'),
                               ("cli/a.cpp", '"models/redis.hpp"')):
            self.assertEqual(found(layers.check, path, f"#include {included}\n"), [], path)

    def test_any_other_include_is_found(self):
        for path, included in (("support/a.hpp", '"sim/process/time.hpp"'),
                               ("sim/process/a.hpp", '"sim/world/true_time.hpp"'),
                               ("sim/world/a.cpp", '"checkers/record/record.hpp"'),
                               ("models/a.cpp", '"sim/world/true_time.hpp"'),
                               ("models/a.cpp", '"checkers/exclusion.hpp"'),
                               ("checkers/a.cpp", '"sim/process/time.hpp"'),
                               ("checkers/a.cpp", '"models/redis.hpp"'),
                               ("checkers/a.cpp", "<nlohmann/json.hpp>"),
                               ("checkers/record/a.hpp", '"checkers/exclusion.hpp"'),
                               ("scenarios/a.cpp", '"reports/table.hpp"'),
                               ("scenarios/a.cpp", "<CLI/CLI.hpp>"),
                               ("reports/a.cpp", '"sim/process/time.hpp"'),
                               ("models/a.cpp", '"../sim/world/true_time.hpp"'),
                               ("models/a.cpp", '"neighbour.hpp"')):
            self.assertEqual(found(layers.check, path, f"\n# include {included}\n"), [2], path)


class Awaits(unittest.TestCase):
    def statement(self, text):
        return found(awaits.check, "models/a.cpp", f"Task<int> f() {{\n{text}\n}}\n")

    def test_the_allowed_shapes_are_accepted(self):
        for text in ("co_await g();",
                     "co_await g(a, h(b)[1]);",
                     "if (a) co_await g(); else co_await h();",
                     "for (int i = 0; i < 3; ++i) co_await g(i);",
                     "switch (a) { case Kind::b: co_await g(); }",
                     "#if X\nco_await g();\n#endif",
                     "const auto x = co_await g();",
                     "[[maybe_unused]] const std::map<int, std::pair<A, B>>& x = co_await g();",
                     "if (a) { auto x =\n co_await g(); }",
                     "x = co_await g();",
                     "if (a) x = co_await g();",
                     "co_return co_await g();",
                     "auto l = [](Client& c) -> Task<int> { co_await c.g(); co_return 1; };",
                     "auto l = [&x] { return x; };",
                     "const auto& [a, b] = pair; co_await g(a);",
                     "a[i] = 1; { co_await g(); }",
                     "struct A { auto operator co_await() && { return B{}; } };"):
            self.assertEqual(self.statement(text), [], text)

    def test_other_shapes_are_found(self):
        for text in ("if (co_await g()) { h(); }",
                     "if (auto x = co_await g(); x) { h(); }",
                     "while (co_await g()) h();",
                     "switch (co_await g()) {}",
                     "for (auto x = co_await g(); x;) {}",
                     "for (const auto& x : co_await g()) {}",
                     "h(co_await g());",
                     "co_await h(co_await g());",
                     "return_value = 1 + co_await g();",
                     "const auto x = a ? co_await g() : b;",
                     "const auto [a, b] = co_await g();",
                     "int a = 1, b = co_await g();",
                     "x.y = co_await g();",
                     "x[0] = co_await g();",
                     "static int x = co_await g();",
                     "(void)co_await g();",
                     "const auto x = std::vector<int>{co_await g()};",
                     "const auto x = A(co_await g());",
                     "co_return A{co_await g()};",
                     "co_return !co_await g();"):
            self.assertEqual(self.statement(text), [2], text)

    def test_braces_in_what_is_awaited_are_found(self):
        for text in ("co_await g(Options{});",
                     "const auto x = co_await g({.name = a});",
                     "co_return co_await g(a, [] { return 1; });",
                     "co_await\nWait{a};"):
            self.assertEqual(self.statement(text), [2], text)

    def test_an_await_in_a_catch_block_is_found(self):
        self.assertEqual(self.statement("try { co_await g(); }\ncatch (...) {\n co_await g(); }"), [4])

    def test_a_capturing_coroutine_is_found(self):
        for captures in ("&", "=", "this", "x", "x = std::move(y)"):
            text = f"auto l = [{captures}](int a) mutable -> Task<int> {{\n co_await g(a); }};"
            self.assertEqual(self.statement(text), [2], captures)
        nested = "run([&x] {\n return [x] { co_return 1; };\n });"
        self.assertEqual(self.statement(nested), [3])
        self.assertEqual(self.statement("run([&x] {\n return [](int y) { co_return y; }(x);\n });"), [])


class Banned(unittest.TestCase):
    def test_each_ban_is_found_where_it_holds_and_only_there(self):
        for path, text, allowed in (
                ("sim/world/a.cpp", "std::uniform_int_distribution<int> d;", "bench/a.cpp"),
                ("tests/sim/a.cpp", "std::shuffle(a, b, c);", "bench/a.cpp"),
                ("scenarios/a.cpp", "std::random_device d;", "bench/a.cpp"),
                ("reports/a.cpp", "int x = rand();", "bench/a.cpp"),
                ("checkers/a.cpp", "std::unordered_map<int, int> m;", "reports/a.cpp"),
                ("models/a.cpp", "auto t = std::chrono::steady_clock::now();", "cli/a.cpp"),
                ("reports/a.cpp", 'auto p = std::getenv("HOME");', "cli/a.cpp"),
                ("sim/process/a.cpp", "thread_local int x;", "sim/process/frame_pool.cpp"),
                ("models/a.cpp", "double x = y;", "reports/a.cpp"),
                ("sim/a.cpp", "auto x = 0.5;", "checkers/a.cpp"),
                ("sim/a.cpp", "auto x = 1e9;", "checkers/a.cpp"),
                ("sim/a.cpp", "#define X float", "checkers/a.cpp")):
            self.assertEqual(found(banned.check, path, "\n" + text), [2], text)
            self.assertEqual(found(banned.check, allowed, text), [], text)

    def test_names_of_ones_own_are_accepted(self):
        for text in ("Distribution d; d.sample(stream); shuffle(a);", "int operand = 0x1e5 + 1'000;",
                     "// std::random_device", 'm["rand"] = 1;', "bool is_double_grant;"):
            self.assertEqual(found(banned.check, "sim/a.cpp", text), [], text)


class Sizes(unittest.TestCase):
    LONG = "  step();\n" * 70

    def findings(self, path, text, allowed):
        return [finding.message for finding in sizes.check([(path, text)], allowed)]

    def test_what_fits_is_accepted(self):
        self.assertEqual(self.findings("sim/a.cpp", "\n" * 500, {}), [])
        self.assertEqual(self.findings("sim/a.hpp", "\n" * 300, {}), [])
        self.assertEqual(self.findings("sim/a.cpp", f"void f() {{{self.LONG[10:]}}}\n", {}), [])

    def test_a_long_file_or_function_is_found(self):
        self.assertEqual(len(self.findings("sim/a.cpp", "\n" * 501, {})), 1)
        self.assertEqual(len(self.findings("sim/a.hpp", "\n" * 301, {})), 1)
        self.assertEqual(len(self.findings("sim/a.cpp", f"void f() {{\n{self.LONG}}}\n", {})), 1)

    def test_an_exception_holds_for_its_number_only(self):
        text = f"namespace a {{\nvoid f() {{\n{self.LONG}}}\n}}\n"
        self.assertEqual(self.findings("sim/a.cpp", text, {"sim/a.cpp:f": 72}), [])
        self.assertEqual(len(self.findings("sim/a.cpp", text, {"sim/a.cpp:f": 71})), 1)
        self.assertEqual(len(self.findings("sim/a.cpp", text, {"sim/a.cpp:f": 73})), 1)
        self.assertEqual(len(self.findings("sim/a.cpp", "", {"sim/a.cpp:f": 72})), 1)

    def test_the_list_of_exceptions_only_gets_shorter(self):
        before = {"sim/a.cpp": 600, "sim/b.cpp": 700}
        self.assertEqual(list(sizes.check_ratchet(before, {"sim/a.cpp": 599})), [])
        self.assertEqual(len(list(sizes.check_ratchet(before, {"sim/a.cpp": 601}))), 1)
        self.assertEqual(len(list(sizes.check_ratchet(before, {"sim/c.cpp": 501}))), 1)

    def test_a_function_begins_at_its_signature(self):
        text = "class A {\n public:\n  // Why.\n  template <class T>\n  void f() {\n  }\n};\n"
        self.assertEqual(list(sizes.functions(text)), [("f", 4, 3)])

    def test_functions_are_found_wherever_they_stand(self):
        text = """
            #include <a>
            namespace a::b { namespace {
            constexpr int kTable[] = {1, 2};
            constexpr auto kOptions = make(Options{1});
            struct alignas(16) A : B<int> {
              explicit A(int x) : x_{x}, y_(f(x)), z_<int>{} { g(); }
              int x_{3};
              friend bool operator<(const A& a, const A& b) { return a > b; }
              enum class Kind : int { one, two };
            };
            template <class T, int n = f(1)>
            auto long_name(T x = {}) const noexcept -> std::vector<T> {
              if (x) { for (;;) {} }
            }
            }}
            TEST_CASE("a sentence") { REQUIRE(true); }
            extern "C" int entry(void) { return 0; }
            const auto kLambda = [](int a) { return a; };
            """
        names = [name for name, _, _ in sizes.functions(text)]
        self.assertEqual(names, ["A", "operator<", "long_name", "a sentence", "entry", "[]"])


if __name__ == "__main__":
    unittest.main()
