"""Draws curves on two logarithmic axes as a small SVG, readable as text."""
import math

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 360, 70, 160, 36, 46
COLOURS = ["#1b6ca8", "#b5402a", "#3b8132", "#8a5a9e", "#a67c00", "#555"]


def decades(values):
    low = math.floor(math.log10(min(values)))
    high = math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def short(number):
    for size, suffix in ((1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:g}{suffix}"
    return f"{number:g}"


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def draw(title, across, curves):
    """`curves` is {name: [(x, y), ...]} with numbers above 0; gives the text of an SVG."""
    points = [point for curve in curves.values() for point in curve]
    x_low, x_high = decades([x for x, _ in points])
    y_low, y_high = decades([y for _, y in points])
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM

    def place(x, y):
        return (LEFT + (math.log10(x) - x_low) / (x_high - x_low) * (right - LEFT),
                bottom - (math.log10(y) - y_low) / (y_high - y_low) * (bottom - TOP))

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
           ' font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
           f'<text x="{LEFT}" y="20" font-size="14">{escape(title)}</text>']
    for power in range(x_low, x_high + 1):
        x, _ = place(10.0 ** power, 10.0 ** y_low)
        out.append(f'<path d="M{x:.0f} {TOP}V{bottom}" stroke="#ddd"/>')
        out.append(f'<text x="{x:.0f}" y="{bottom + 16}" text-anchor="middle">'
                   f'{short(10.0 ** power)}</text>')
    for power in range(y_low, y_high + 1):
        _, y = place(10.0 ** x_low, 10.0 ** power)
        out.append(f'<path d="M{LEFT} {y:.0f}H{right}" stroke="#ddd"/>')
        out.append(f'<text x="{LEFT - 6}" y="{y + 4:.0f}" text-anchor="end">'
                   f'{short(10.0 ** power)}</text>')
    out.append(f'<text x="{(LEFT + right) / 2:.0f}" y="{HEIGHT - 10}" text-anchor="middle">'
               f'{escape(across)}</text>')
    for i, (name, curve) in enumerate(curves.items()):
        colour = COLOURS[i % len(COLOURS)]
        places = [place(x, y) for x, y in curve]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        out.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        y = TOP + 14 + i * 20
        out.append(f'<path d="M{right + 10} {y - 4}h18" stroke="{colour}" stroke-width="2"/>')
        out.append(f'<text x="{right + 32}" y="{y}">{escape(name)}</text>')
    return "\n".join(out + ["</svg>", ""])
