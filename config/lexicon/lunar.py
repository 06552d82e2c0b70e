#!/usr/bin/env python3
"""Makes lunar.toml: the months of the Chinese calendar from 1900 to 2100.

    pip install ephem==4.2.1 && python3 lunar.py > lunar.toml

Rule: GB/T 33661-2017, calculation and promulgation of the Chinese calendar. A month begins on the day of the new moon,
Beijing time; the month of the winter solstice is the eleventh; where thirteen months lie between two of these, the
first without a principal term is the leap month. Positions of sun and moon come from PyEphem 4.2.1 (MIT licence).
Before 1929 the days are those of Beijing's own noon.
"""
import bisect
import datetime
import math

import ephem

FIRST, LAST = 1900, 2100


def local_day(moment):
    hours = 7 + 45 / 60 + 40 / 3600 if moment.datetime().year < 1929 else 8
    return ephem.Date(moment + hours / 24).datetime().date()


def longitude(moment):
    sun = ephem.Sun(moment)
    place = ephem.Equatorial(sun.g_ra, sun.g_dec, epoch=moment)
    return math.degrees(ephem.Ecliptic(place, epoch=moment).lon) % 360


def term(year, degrees):
    """The moment of a year at which the sun stands at so many degrees."""
    about = ephem.Date(datetime.datetime(year, 3, 20)) + degrees / 360 * 365.2422
    if degrees >= 280:
        about -= 365.2422
    low, high = about - 6, about + 6
    for _ in range(60):
        middle = (low + high) / 2
        if (longitude(ephem.Date(middle)) - degrees + 180) % 360 - 180 < 0:
            low = middle
        else:
            high = middle
    return ephem.Date(high)


def new_moons():
    moons, moment = [], ephem.Date(datetime.datetime(FIRST - 2, 1, 1))
    while moment.datetime().year <= LAST + 2:
        moment = ephem.next_new_moon(moment)
        moons.append(local_day(moment))
        moment = ephem.Date(moment + 20)
    return moons


def months():
    """First day, number, whether leap, and length of each month."""
    moons = new_moons()
    terms = [local_day(term(year, 30 * index)) for year in range(FIRST - 2, LAST + 2) for index in range(12)]
    terms.sort()
    solstices = [local_day(term(year, 270)) for year in range(FIRST - 2, LAST + 2)]
    for solstice, following in zip(solstices, solstices[1:]):
        first = bisect.bisect_right(moons, solstice) - 1
        last = bisect.bisect_right(moons, following) - 1
        number, leap_found = 11, False
        for at in range(first, last):
            start, end = moons[at], moons[at + 1]
            has_term = bisect.bisect_left(terms, start) < bisect.bisect_left(terms, end)
            leap = at > first and last - first == 13 and not has_term and not leap_found
            leap_found |= leap
            if at > first and not leap:
                number = number % 12 + 1
            yield start, number, leap, (end - start).days


def main():
    years, current = {}, None
    for start, number, leap, days in months():
        if number == 1 and not leap:
            current = years.setdefault(start.year, [start, 0, ""])
        if current is not None:
            current[1] = number if leap else current[1]
            current[2] += "L" if days == 30 else "s"
    print("# The months of the Chinese calendar, made by lunar.py with PyEphem 4.2.1 (MIT licence) by the rule of GB/T 33661-2017.")
    print("# A year: its first day (month and day), its leap month or 0, and its months, L of 30 days and s of 29. Calendars as they")
    print("# were printed differ by a day in one month each of 1906, 1933, 1954 and 1978, when the moon was new around midnight.")
    for decade in range(FIRST, LAST + 1, 10):
        print(f"\n[[lunar_years]]\nfirst = {decade}\nyears = [")
        for year in range(decade, min(decade + 10, LAST + 1)):
            start, leap, lengths = years[year]
            print(f'  "{start:%m-%d} {leap} {lengths}",')
        print("]")


main()
