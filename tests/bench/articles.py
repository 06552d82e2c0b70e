#!/usr/bin/env python3
"""Articles without end for the benchmarks: made up, alike in every run, in English and both Chinese scripts.

    python3 tests/bench/articles.py 10000 [--seed N] [--mixed] > articles.jsonl

Stories (an entity, a metric, a value, a partner, a place, a day) are told by one to several articles each, which round now and
then and err seldom; beside its story an article tells two to four figures of other stories. The larger the archive, the more
stories it has. Entities and metrics are drawn by Zipf's law from
config/lexicon/entities.toml and words.toml. Days rise over five years, as news arrives, unless `--mixed`. No clock, standard
library only.
"""
import argparse
import bisect
import datetime
import itertools
import json
import os
import random
import sys
import tomllib

HERE = os.path.dirname(os.path.abspath(__file__))
LEXICON = os.path.join(HERE, "..", "..", "config", "lexicon")
FIRST_DAY = datetime.date(2021, 1, 1)
DAYS = 5 * 365
SOURCES = 120
LANGUAGES = ["en", "zh-Hans", "zh-Hant"]
# How many stories back one may be told again, and how often an article does so.
RECENT = 40
RETOLD = 0.55


def load(*path):
    with open(os.path.join(*path), "rb") as file:
        return tomllib.load(file)


class Zipf:
    """Draws ranks from 0, the k-th in proportion to 1/(k+OFFSET), as Zipf and Mandelbrot have it."""

    # The commonest is drawn 5 times in 100: some figure in one article of seven is about it.
    OFFSET = 4

    def __init__(self, count):
        self.steps = list(itertools.accumulate(1 / (rank + self.OFFSET) for rank in range(count)))

    def draw(self, rng):
        return bisect.bisect(self.steps, rng.random() * self.steps[-1])


class Corpus:
    def __init__(self, seed=1, days=DAYS, mixed=False):
        self.words = load(HERE, "words.toml")
        kinds = ("company", "agency", "organisation", "project")
        rows = [row for row in load(LEXICON, "entities.toml")["entity"] if row["kind"] in kinds and row.get("cn")]
        # The file's order is by branch; the commonest names should not all be chip makers.
        random.Random(7).shuffle(rows)
        self.entities = rows
        self.of_entity = Zipf(len(rows))
        self.metrics = self.words["metric"]
        self.weights = [metric["weight"] for metric in self.metrics]
        self.rng = random.Random(seed)
        self.seed, self.mixed, self.days = seed, mixed, days
        self.recent = []

    def articles(self, count, begin=0, of=None):
        """Yields `count` articles; their days are those of articles `begin`.. of `of` in all."""
        of = of or count
        for number in range(begin, begin + count):
            day = self.rng.randrange(self.days) if self.mixed else number * self.days // of
            yield self.article(number, min(day, self.days - 1))

    def article(self, number, day):
        rng = self.rng
        if self.recent and rng.random() < RETOLD:
            story = rng.choice(self.recent)
            day = min(story["day"] + rng.randrange(4), self.days) if self.mixed else day
        else:
            story = self.story(day)
            self.recent = self.recent[-RECENT:] + [story]
        lang = rng.choice(LANGUAGES)
        tongue = lang[:2]
        told = [self.sentence(story, tongue, lang)]
        for _ in range(rng.randrange(2, 5)):
            # Background: what another story told, or a figure that nobody else tells.
            other = rng.choice(self.recent) if rng.random() < 0.5 else self.story(day)
            told.append(self.sentence(other, tongue, lang))
        fillers = [self.filler(tongue, lang) for _ in range(19)]
        sentences = [told[0], *fillers]
        for text in told[1:]:
            sentences.insert(rng.randrange(1, len(sentences)), text)
        space = " " if tongue == "en" else ""
        title = rng.choice(self.words["title"][tongue]).format(
            who=self.name(story["who"], lang), word=self.words["topic"][tongue][story["topic"]],
            place=rng.choice(self.words["place"][tongue]))
        body = [space.join(sentences[at:at + 4]) for at in range(0, len(sentences), 4)]
        published = FIRST_DAY + datetime.timedelta(days=day)
        hour = rng.randrange(24)
        return {
            "id": f"made-{self.seed}-{number}", "source": f"paper-{rng.randrange(SOURCES)}", "lang": lang,
            "region": {"en": "US", "zh-Hans": "CN", "zh-Hant": "TW"}[lang],
            "published": f"{published.isoformat()}T{hour:02}:00:00Z",
            "title": traditional(title) if lang == "zh-Hant" else title,
            "text": traditional("\n".join(body)) if lang == "zh-Hant" else "\n".join(body),
        }

    def story(self, day):
        rng = self.rng
        metric = rng.choices(self.metrics, self.weights)[0]
        low, high = metric["range"]
        # As many small figures as large ones, with two or three digits.
        value = low * (high / low) ** rng.random()
        digits = rng.choice([2, 2, 3])
        return {
            "day": day, "who": self.of_entity.draw(rng), "partner": self.of_entity.draw(rng), "metric": metric,
            "value": float(f"{value:.{digits - 1}e}"), "place": rng.randrange(len(self.words["place"]["en"])),
            "topic": rng.randrange(len(self.words["topic"]["en"])), "about": rng.randrange(len(self.words["about"]["en"])),
        }

    def sentence(self, story, tongue, lang):
        rng, value = self.rng, story["value"]
        chance = rng.random()
        if chance < 0.12:
            value = float(f"{value:.1e}")
        elif chance < 0.14:
            value *= rng.choice([0.1, 0.8, 1.25, 10])
        text = rng.choice(story["metric"][tongue]).format(
            who=self.name(story["who"], lang), figure=amount(value, story["metric"]["unit"], tongue))
        about = self.words["about"][tongue][story["about"]].format(
            topic=self.words["topic"][tongue][story["topic"]], place=self.words["place"][tongue][story["place"]],
            partner=self.name(story["partner"], lang))
        return f"{text}, {about}." if tongue == "en" else f"{text}，{about}。"

    def filler(self, tongue, lang):
        rng, parts = self.rng, self.words["filler"][tongue]
        picked = [rng.choice(parts[part]) for part in ("subject", "verb", "object", "rest")]
        text = (" ".join(picked) + ".") if tongue == "en" else ("".join(picked) + "。")
        return text.format(other=self.name(self.of_entity.draw(rng), lang), place=rng.choice(self.words["place"][tongue]))

    def name(self, entity, lang):
        row = self.entities[entity]
        if lang == "en":
            return row["name"]
        return row["tw"][0] if lang == "zh-Hant" and row.get("tw") else row["cn"][0]


def amount(value, unit, tongue):
    short = lambda number: f"{number:.3g}" if number < 1000 else f"{number:.0f}"
    if unit == "percent":
        return short(value) + "%"
    if unit == "W":
        if tongue == "en":
            return f"{short(value / 1e9)} GW" if value >= 1e9 else f"{short(value / 1e6)} MW"
        return f"{short(value / 1e9)}吉瓦" if value >= 1e9 else f"{short(value / 1e6)}兆瓦"
    if unit == "people":
        return f"{value:,.0f}" if tongue == "en" else (f"{short(value / 1e4)}万" if value >= 1e4 else f"{value:.0f}")
    if tongue == "en":
        return f"${short(value / 1e9)} billion" if value >= 1e9 else f"${short(value / 1e6)} million"
    return f"{short(value / 1e8)}亿美元" if value >= 1e8 else f"{short(value / 1e4)}万美元"


# OpenCC is not at hand: the characters that differ most often are enough for the script to be told.
TRADITIONAL = str.maketrans(
    "万亿将投资设项总额为达营业实现净润财报长较场额员数计划裁减个岗位获补贴监机构对罚款处数据电园区规轮资产线称尽快办许认备坚应细节没透评谈判续订单险审户当产争议员严条环团请导势车电务测试装词东决给联锁发议这与过关",
    "萬億將投資設項總額為達營業實現淨潤財報長較場額員數計劃裁減個崗位獲補貼監機構對罰款處數據電園區規輪資產線稱盡快辦許認備堅應細節沒透評談判續訂單險審戶當產爭議員嚴條環團請導勢車電務測試裝詞東決給聯鎖發議這與過關")


def traditional(text):
    return text.translate(TRADITIONAL)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mixed", action="store_true", help="days in no order")
    options = parser.parse_args()
    corpus = Corpus(options.seed, mixed=options.mixed)
    for article in corpus.articles(options.count):
        sys.stdout.write(json.dumps(article, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
