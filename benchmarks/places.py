"""How long the gazetteer takes to find a place among 20,000 invented streets: `python -m benchmarks.places`.

The streets form a grid; their names are drawn from few first names and many second ones, as in a real city, so that
"San" and "Juan" are everywhere. A fifth of the questions are misspelt, a fifth are corners, a fifth name nothing.
Times are of the processor, so that neighbours on the machine do not count.
"""

import argparse
import resource
import statistics
import time
from random import Random

from nlu.places import Gazetteer
from tickets.city import Landmark, Street
from tickets.model import Point

FIRST = [
    "San",
    "Santa",
    "Juan",
    "José",
    "María",
    "General",
    "Doctor",
    "Nuestra",
    "Presidente",
    "Francisco",
    "Antonio",
    "Luis",
]
SYLLABLES = [
    "ba",
    "ca",
    "do",
    "fer",
    "gal",
    "her",
    "is",
    "jun",
    "la",
    "mon",
    "nar",
    "or",
    "pel",
    "qui",
    "ro",
    "san",
    "tur",
    "ur",
    "val",
    "xi",
    "yu",
    "zar",
    "ce",
    "dri",
    "es",
    "fon",
    "gui",
]
TYPES = ["Calle", "Avenida", "Rua", "Rue", "Carrera", "Pasaje"]
AROUND = [
    "frente a la casa azul",
    "cerca del colegio",
    "depois da ponte",
    "near the bakery",
    "devant la boulangerie",
    "pasando el puente",
]
STEP = 0.001  # degrees between two parallel streets, about 110 m


def city(streets: int, random: Random) -> Gazetteer:
    half = streets // 2
    lines = [
        *(((0.0, i * STEP), (half * STEP, i * STEP)) for i in range(half)),
        *(((i * STEP, 0.0), (i * STEP, half * STEP)) for i in range(streets - half)),
    ]
    named = tuple(Street(name=name(random), also=(), line=line) for line in lines)
    marks = tuple(
        Landmark(
            name=f"Escuela {name(random)}", also=(), point=Point(latitude=random.random(), longitude=random.random())
        )
        for _ in range(streets // 10)
    )
    return Gazetteer((), named, marks)


def landmark(random: Random) -> Landmark:
    point = Point(latitude=random.random(), longitude=random.random())
    return Landmark(name=f"Escuela {name(random)}", also=(), point=point)


def name(random: Random) -> str:
    telling = "".join(random.choice(SYLLABLES) for _ in range(random.randint(2, 4))).title()
    first = f"{random.choice(FIRST)} " if random.random() < 0.6 else ""
    return f"{random.choice(TYPES)} {first}{telling}"


def question(random: Random, gazetteer: Gazetteer) -> str:
    street, other = (random.choice(gazetteer._streets).name for _ in range(2))
    match random.randrange(5):
        case 0:
            return f"{street} {random.randint(1, 900)}, {random.choice(AROUND)}"
        case 1:
            place = random.randrange(len(street) // 2, len(street))
            return f"{street[:place]}{random.choice('aeiou')}{street[place + 1 :]} {random.choice(AROUND)}"
        case 2:
            return f"{street} esquina {other}"
        case 3:
            return f"{street.split()[-1]} con {other.split()[-1]}"
        case _:
            return f"{random.choice(AROUND)}, {name(random).split()[-1]} {random.choice(AROUND)}"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--streets", type=int, default=20_000)
    arguments.add_argument("--questions", type=int, default=3_000)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    random = Random(given.seed)
    began = time.process_time()
    gazetteer = city(given.streets, random)
    built = time.process_time() - began
    took, found = [], 0
    for asked in [question(random, gazetteer) for _ in range(given.questions)]:
        began = time.process_time()
        found += gazetteer.resolve(asked).street is not None
        took.append((time.process_time() - began) * 1000)
    cuts = statistics.quantiles(took, n=100)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{given.streets} streets, built in {built:.2f} s, {memory} MB")
    print(f"{given.questions} questions, {found} found")

    print(f"words to a place: p50 {cuts[49]:.2f} ms, p99 {cuts[98]:.2f} ms, worst {max(took):.2f} ms")
    pins = [Point(latitude=random.uniform(0, 9), longitude=random.uniform(0, 9)) for _ in range(1000)]
    began = time.process_time()
    for pin in pins:
        gazetteer.locate(pin)
    print(f"pin to a street and area: mean {(time.process_time() - began):.3f} ms")


if __name__ == "__main__":
    main()
