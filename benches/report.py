"""Makes the tables and the plot of docs/performance.md from what benches/run measured. By itself it makes them anew from
benches/results.json: python3 benches/report.py"""

import json
import math
import pathlib

BEGIN, END = "<!-- benches/run writes this part -->", "<!-- benches/run wrote this part -->"
COLOURS = ["#2f6fb3", "#c4572f", "#3a8f4c", "#8a5cc2", "#b3871d", "#3f8f95", "#a84a7a", "#6d7580"]


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def rate(bytes_per_second):
    megabytes = bytes_per_second / 1e6
    return f"{megabytes:.1f}" if megabytes >= 1 else f"{megabytes:.3f}"


def times(spread):
    return f"{spread['median']:.1f} ({spread['least']:.1f}–{spread['most']:.1f})"


def share(part, whole):
    return f"{max(part, 0) / whole:.0%}"


def again(named):
    """What conversations take when they are read for the first time and again, by name."""
    rows = []
    for name, one in named.items():
        per = lambda what: [rate(one["bytes"] / one[what]["median"]), times(one[what + "_ratio"])]
        rows.append([name, one["replies"], f"{one['words'] / one['replies']:.0f}", one["words"], one["distinct_words"],
                     *per("first"), *per("again")])
    return table(["", "replies", "words a reply", "words", "different ones", "first time, MB/s", "×", "again, MB/s", "×"], rows)


def tables(results):
    languages = results["languages"]
    machine = results["machine"]
    parts = [
        f"Measured on {machine['date']}: {machine['processor']}, {machine['cores']} cores, {machine['system']}, "
        f"{machine['rustc']}; load at the start {machine['load']:.1f}. A figure is the median of its runs, least and most in "
        "parentheses. Times are processor time unless it says wall."]

    parts.append("### Checking against a pass of word bounds\n\nReplies of about 1 KB, 1 MB a language. × says how many "
                 "times as long as one pass of `unicode_words` over the same replies in the same process.")
    rows = []
    for code, one in languages.items():
        per = lambda name: rate(one["bytes"] / one["times"][name]["median"])
        rows.append([code, per("unicode_words"), per("all_rules"), times(one["ratios"]["all_rules"]), per("all_rules_named"),
                     times(one["ratios"]["all_rules_named"]), per("default_rules"),
                     f"{one['replies'] / one['times']['default_rules']['median']:.0f}",
                     f"{one['findings'] / one['replies']:.1f}"])
    parts.append(table(["", "word bounds, MB/s", "all rules, language detected, MB/s", "×", "language named, MB/s", "×",
                        "default rules, detected, MB/s", "replies/s", "findings a reply"], rows))

    parts.append("### Short replies with many words\n\nOne or two examples of the packs each, a third of them with a fault; "
                 "every third long word is new: it begins like one word of the examples and ends like another. What is "
                 "known of a word is found out when it comes for the first time. Default rules, language detected; × as "
                 "above.\n\n" + again({code: one["short"] for code, one in languages.items()}))

    parts.append("### Shares of the stages\n\nTaken by leaving stages out: a pack without phrases, one rule, a named "
                 "language. What the rules share with finding phrases counts as phrases.")
    rows = []
    for code, one in languages.items():
        time = {name: spread["median"] for name, spread in one["times"].items()}
        whole = time["all_rules"]
        rows.append([code, share(time["no_phrases_named"], whole), share(whole - time["all_rules_named"], whole),
                     share(time["one_rule_named"] - time["no_phrases_named"], whole),
                     share(time["all_rules_named"] - time["one_rule_named"], whole)])
    parts.append(table(["", "words, sentences, zones", "language", "phrases", "rules and report"], rows))

    parts.append("### Time against length and against the number of phrases\n\nOne text of each length, nanoseconds a byte; "
                 "then all replies with the pack's own phrases and with more that are made of the words of its examples in "
                 "another order, × the time with its own.")
    sizes = [point["size"] for point in next(iter(languages.values()))["lengths"]]
    rows = []
    for code, one in languages.items():
        own = one["phrases"][0]["seconds"]["median"]
        rows.append([code] + [f"{point['seconds']['median'] / point['size'] * 1e9:.0f}" for point in one["lengths"]]
                    + [f"{point['seconds']['median'] / own:.2f} ({point['size']})" for point in one["phrases"]])
    parts.append(table([""] + [length(size) for size in sizes] + ["phrases ×1", "×3", "×10"], rows))

    start = results["start"]
    empty, check = start["empty_ms"], start["check_ms"]
    parts.append("### The process\n\n" + table(["", "", "at most"], [
        ["one reply of 1 KB, over an empty process", f"{check['median'] - empty['median']:.1f} ms "
         f"({check['least'] - empty['median']:.1f}–{check['most'] - empty['median']:.1f})", "5 ms"],
        ["its peak memory", f"{start['peak_mb']:.1f} MB", "20 MB"],
        ["the program", f"{start['binary_mb']:.1f} MB", "20 MB"],
    ]))
    rows = [[code, f"{one['cpu']['median']:.2f} s", f"{one['yardstick']:.2f} s", f"{one['ratio']:.1f}", f"{one['peak_mb']:.0f} MB"]
            for code, one in results["process"].items()]
    parts.append("10 MB of threads, JSON in and out, `--jobs 1`; × is against word bounds of the texts in them:\n\n"
                 + table(["", "processor time", "word bounds", "×", "peak memory"], rows))

    batch = results["batch"]
    one, two = batch["jobs_1"], batch["jobs_2"]
    rows = [[jobs, f"{costs['wall']['median']:.1f} s", f"{costs['cpu']['median']:.1f} s", f"{costs['peak']['most']:.0f} MB"]
            for jobs, costs in ((1, one), (2, two))]
    parts.append(f"### One core and two\n\n{batch['threads']} threads in six languages, {batch['bytes'] / 1e6:.0f} MB. Two "
                 f"jobs give {times(batch['rate']).replace(' (', ' times the rate of one (')} by the wall.\n\n"
                 + table(["jobs", "wall", "processor time", "peak memory"], rows))

    rows = [[code, one["blocks"], f"{one['bytes'] / 1000:.0f} KB"] for code, one in results["allocations"].items()]
    parts.append("### Allocations\n\nA check of a reply of about 1 KB, all told:\n\n" + table(["", "blocks", "bytes"], rows))

    english = languages["en"]
    rows = [["replylint, all rules", rate(english["bytes"] / english["times"]["all_rules"]["median"]), ""]]
    for name, peer in sorted(results["peers"].items(), key=lambda item: -item[1]["bytes_per_second"]):
        begun = f"{peer['start_ms']:.0f} ms" if "start_ms" in peer else ""
        rows.append([name, rate(peer["bytes_per_second"]), begun])
    parts.append("### Beside others\n\nThe same English text. They look for other things, so this says what a check may "
                 "cost, not which is better. Their start is taken out of the rate.\n\n" + table(["", "MB/s", "start"], rows))

    rows = [[code, f"{one['distinct_sentences']:.1%}", one["distinct_words"]] for code, one in languages.items()]
    parts.append("### The text\n\nMade up by `benches/src/corpus.rs` from a seed: neutral clauses with names, places, things, "
                 "times and numbers drawn anew; one sentence in four ends in an example of the packs that is fine, one in "
                 "twelve in one with a fault.\n\n"
                 + table(["", "sentences like no other, of 10 MB", "different words in 1 MB"], rows))
    return "\n\n".join(parts)


def length(size):
    return f"{size // 1_000_000} MB" if size >= 1_000_000 else f"{size // 1000} KB"


class Plot:
    """A small drawing. Its colours follow the reader's light or dark setting."""

    def __init__(self, width, height):
        self.parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            'role="img" aria-label="Speed by language, time by length and by number of phrases">',
            "<style>.b{fill:#ffffff}.t{fill:#1f2328}.m{fill:#59636e}.g{stroke:#d1d9e0}"
            "@media (prefers-color-scheme: dark){.b{fill:#0d1117}.t{fill:#f0f6fc}.m{fill:#9198a1}.g{stroke:#3d444d}}"
            "text{font:12px sans-serif}.h{font-weight:bold;font-size:13px}</style>",
            f'<rect class="b" width="{width}" height="{height}"/>']

    def text(self, x, y, text, style="m", anchor="start"):
        self.parts.append(f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>')

    def line(self, x1, y1, x2, y2):
        self.parts.append(f'<line class="g" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')

    def bar(self, x, y, width, height, colour):
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{height}" fill="{colour}"/>')

    def curve(self, points, colour):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        self.parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]

    def done(self):
        return "\n".join([*self.parts, "</svg>", ""])


def plot(results):
    languages = results["languages"]
    drawing = Plot(960, 340)
    # Left: rates by language.
    drawing.text(20, 24, "MB/s on one core", "t h")
    rates = [(code, one["bytes"] / one["times"]["unicode_words"]["median"] / 1e6,
              one["bytes"] / one["times"]["all_rules"]["median"] / 1e6) for code, one in languages.items()]
    widest = max(max(row[1:]) for row in rates)
    for number, (code, words, all_rules) in enumerate(rates):
        y = 64 + number * 42
        drawing.text(20, y + 18, code, "t")
        for at, (value, colour) in enumerate([(words, COLOURS[7]), (all_rules, COLOURS[0])]):
            drawing.bar(46, y + at * 15, value / widest * 190, 12, colour)
            drawing.text(50 + value / widest * 190, y + at * 15 + 10, f"{value:.1f}")
    drawing.bar(20, 38, 10, 10, COLOURS[7])
    drawing.text(34, 47, "word bounds")
    drawing.bar(120, 38, 10, 10, COLOURS[0])
    drawing.text(134, 47, "a check with all rules")
    # Middle: nanoseconds a byte against length, which is level where the time is a straight line.
    left, width, top, bottom = 390, 210, 64, 290
    drawing.text(left - 40, 24, "ns a byte against the length of the text", "t h")
    sizes = [point["size"] for point in next(iter(languages.values()))["lengths"]]
    per_byte = {code: [point["seconds"]["median"] / point["size"] * 1e9 for point in one["lengths"]]
                for code, one in languages.items()}
    axes(drawing, left, width, top, bottom, max(max(values) for values in per_byte.values()), [length(size) for size in sizes])
    highest = nice(max(max(values) for values in per_byte.values()))
    for number, (code, values) in enumerate(per_byte.items()):
        points = [(left + width * at / (len(values) - 1), bottom - (bottom - top) * value / highest)
                  for at, value in enumerate(values)]
        drawing.curve(points, COLOURS[number])
        drawing.text(left - 34 + number * 40, 47, code)
        drawing.bar(left - 48 + number * 40, 38, 10, 10, COLOURS[number])
    # Right: time against the number of phrases.
    left, width = 700, 210
    drawing.text(left - 40, 24, "× the time with the pack's own phrases", "t h")
    factors = {code: [point["seconds"]["median"] / one["phrases"][0]["seconds"]["median"] for point in one["phrases"]]
               for code, one in languages.items()}
    highest = nice(max(2, max(max(values) for values in factors.values())))
    axes(drawing, left, width, top, bottom, highest, ["×1", "×3", "×10"])
    for number, values in enumerate(factors.values()):
        points = [(left + width * at / (len(values) - 1), bottom - (bottom - top) * value / highest)
                  for at, value in enumerate(values)]
        drawing.curve(points, COLOURS[number])
    return drawing.done()


def nice(value):
    step = 10 ** math.floor(math.log10(value))
    return next(step * factor for factor in (1, 2, 4, 5, 8, 10) if step * factor >= value)


def axes(drawing, left, width, top, bottom, highest, labels):
    highest = nice(highest)
    for part in range(5):
        y = bottom - (bottom - top) * part / 4
        drawing.line(left, y, left + width, y)
        drawing.text(left - 6, y + 4, f"{highest * part / 4:g}", anchor="end")
    for at, label in enumerate(labels):
        drawing.text(left + width * at / (len(labels) - 1), bottom + 20, label, anchor="middle")


def write(results, root):
    (root / "benches/results.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    page = root / "docs/performance.md"
    text = page.read_text()
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    page.write_text(f"{before}{BEGIN}\n\n{tables(results)}\n\n{END}{after}")
    picture = root / "docs/images/performance.svg"
    picture.parent.mkdir(exist_ok=True)
    picture.write_text(plot(results))


if __name__ == "__main__":
    root = pathlib.Path(__file__).resolve().parent.parent
    write(json.loads((root / "benches/results.json").read_text()), root)
