#!/usr/bin/env python3
"""Draws a year of a programme's work, day by day, to measure promised days against.

It shares nothing with the program that is measured, and its people do not behave as that program's model assumes: they
skip days, do a part of what they offer, are ill in spells of their own or in waves that take many at once, and some work
takes several times as long as anybody thought. What a file holds is only what a town could have noted itself.

    python3 draw.py heavy_tails 11 > heavy_tails.json
    python3 draw.py absences 12 > absences.json
    python3 draw.py illness 13 > illness.json
"""
import datetime
import json
import math
import random
import sys

SHAPES = {
    "heavy_tails": dict(
        says="One part in ten takes up to five times as long as thought (Pareto), the others spread as Student's t",
        tail=0.10, long_away=0.002, short_away=0.010, waves=0),
    "absences": dict(
        says="People are away for two to six weeks about once a year, and for some days now and then",
        tail=0.02, long_away=0.006, short_away=0.020, waves=0),
    "illness": dict(
        says="Four waves of illness take a third of all people within ten days each, beside short spells of their own",
        tail=0.03, long_away=0.001, short_away=0.008, waves=4),
}
BEGINS = datetime.date(2025, 4, 1)
DAYS = 364
PEOPLE = 36
KINDS = {"entry": 0.95, "survey": 1.15, "translation": 1.4}


class Person:
    def __init__(self, chance, number):
        self.number = number
        days = sorted(chance.sample(range(7), chance.choice([3, 4, 5, 6])))
        hours = chance.choice([60, 90, 120, 150, 180, 240])
        self.week = [hours + chance.choice([-30, 0, 0, 30]) if day in days else 0 for day in range(7)]
        self.pace = math.exp(chance.gauss(0, 0.25))
        self.skips = chance.uniform(0.03, 0.25)
        self.redo = chance.uniform(0.03, 0.25)
        self.queue = []      # parts in the order in which they were given
        self.away_until = -1
        self.spells = []


def took(chance, shape, part, person):
    """Minutes that it will really take."""
    t = chance.gauss(0, 1) / math.sqrt(chance.gammavariate(2, 1) / 2)   # Student's t with four degrees of freedom
    factor = KINDS[part["kind"]] * person.pace * math.exp(0.18 * max(-3.0, min(3.0, t)))
    if chance.random() < shape["tail"]:
        factor *= min(5.0, chance.paretovariate(1.3))
    return max(10, part["minutes"] * factor)


def check_lag(chance):
    return chance.choice([1, 1, 2, 2, 3, 4]) if chance.random() < 0.9 else chance.randint(5, 12)


def fall_away(chance, shape, person, day, in_wave):
    if day <= person.away_until:
        return
    length = 0
    if in_wave and chance.random() < 0.04:
        length = chance.randint(3, 9)
    elif chance.random() < shape["long_away"]:
        length = chance.randint(14, 42)
    elif chance.random() < shape["short_away"]:
        length = min(14, 1 + int(chance.expovariate(0.45)))
    if length:
        person.away_until = day + length - 1
        person.spells.append((day, person.away_until))


def work(chance, person, day):
    """What one person does on one day: a part of the offered minutes, on some days nothing."""
    weekday = (BEGINS + datetime.timedelta(day)).weekday()
    left = person.week[weekday]
    if day <= person.away_until or left == 0 or chance.random() < person.skips:
        return
    left *= chance.uniform(0.65, 1.0)
    ready = [part for part in person.queue if part["back"] <= day and part["handed"] is None]
    # Mostly what came first; now and then whatever one likes better.
    if len(ready) > 1 and chance.random() < 0.1:
        chance.shuffle(ready)
    for part in ready:
        done = min(left, part["left"])
        part["left"] -= done
        left -= done
        if part["left"] <= 0.01:
            finish(chance, person, part, day)
        if left <= 0:
            return


def finish(chance, person, part, day):
    if part["first"] is None:
        part["first"] = day
    part["handed"] = day
    lag = check_lag(chance)
    if part["redone"] == 0 and chance.random() < person.redo:
        part["redone"] = max(5, part["took"] * chance.uniform(0.1, 0.6))
        part["left"] = part["redone"]
        part["handed"] = None
        part["back"] = day + lag
        person.queue.remove(part)
        person.queue.insert(0, part)
    else:
        part["passed"] = day + lag
        person.queue.remove(part)


def give(chance, shape, people, day, jobs):
    """Some jobs a week, each in one to three parts, to those who have least before them."""
    count = sum(chance.random() < 0.5 for _ in range(5)) if (BEGINS + datetime.timedelta(day)).weekday() < 5 else 0
    for _ in range(count):
        kind = chance.choice(list(KINDS))
        parts = []
        present = [person for person in people if day > person.away_until]
        for _ in range(chance.choice([1, 1, 1, 2, 2, 3])):
            def backlog(person):
                return sum(part["left"] for part in person.queue) / max(1, sum(person.week))
            taken = {part["person"] for part in parts}
            free = sorted((person for person in present if person.number not in taken), key=backlog)[:5]
            if not free:
                continue
            person = chance.choice(free)
            if backlog(person) > 1.5:
                continue
            minutes = 10 * round(sum(person.week) * chance.uniform(0.2, 1.5) / 10)
            part = dict(person=person.number, kind=kind, minutes=minutes, redone=0, back=day, first=None,
                        handed=None, passed=None)
            part["took"] = part["left"] = took(chance, shape, part, person)
            person.queue.append(part)
            parts.append(part)
        if parts:
            slack = chance.randint(14, 40)
            jobs.append(dict(id=len(jobs) + 1, kind=kind, day=day, due=day + slack, parts=parts))


def main(name, seed):
    shape, chance = SHAPES[name], random.Random(seed)
    people = [Person(chance, number + 1) for number in range(PEOPLE)]
    waves = [chance.randint(40, DAYS - 30) for _ in range(shape["waves"])]
    jobs = []
    # Nothing is given in the last weeks, so that what was given can be seen to end.
    for day in range(DAYS + 120):
        in_wave = any(wave <= day < wave + 10 for wave in waves)
        for person in people:
            fall_away(chance, shape, person, day, in_wave)
        if day < DAYS:
            give(chance, shape, people, day, jobs)
        for person in people:
            work(chance, person, day)
    write(name, shape, seed, people, jobs)


def on(day):
    return (BEGINS + datetime.timedelta(day)).isoformat()


def write(name, shape, seed, people, jobs):
    dump = lambda value: json.dumps(value, separators=(",", ":"))
    print("{")
    print(f' "name": {dump(name)},')
    print(f' "says": {dump(shape["says"] + f"; drawn with seed {seed}")},')
    print(f' "begins_on": {dump(on(0))},')
    print(' "people": [')
    print(",\n".join("  " + dump(dict(
        id=person.number, week=person.week,
        away=[[on(first), on(last)] for first, last in person.spells])) for person in people))
    print(" ],")
    print(' "jobs": [')
    rows = []
    for job in jobs:
        if any(part["passed"] is None for part in job["parts"]):
            continue
        parts = [dict(person=part["person"], minutes=part["minutes"], took=round(part["took"]),
                      redone=round(part["redone"]), handed_in_on=on(part["first"]), passed_on=on(part["passed"]))
                 for part in job["parts"]]
        rows.append("  " + dump(dict(id=job["id"], kind=job["kind"], given_on=on(job["day"]),
                                     due_on=on(job["due"]), parts=parts)))
    print(",\n".join(rows))
    print(" ]")
    print("}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
