/** The colours of a picture, for print, for a light and for a dark background; each class is one kind of line or area. */
const LIGHT = `
  svg { background: #fff; color: #1b1f24 } .label { stroke: #fff } .quiet { fill: #57606a } .axis { stroke: #8c959f } .grid { stroke: #eaeef2 }
  .load { fill: #a9ccfd } .capacity { stroke: #0b5cd5 } .size { fill: #c8e6cf } .desired { stroke: #1a7f37 } .most { stroke: #6e7781 }
  .cpu, .threshold { stroke: #b35900 } .refused { fill: #cf222e } .latency { stroke: #8250df } .beyond { fill: #ffebe9 }
  .alarm { fill: #cf222e } .scale { fill: #0b5cd5 } .health { fill: #1a7f37 }`;

const DARK = `
  svg { background: #0d1117; color: #e6edf3 } .label { stroke: #0d1117 } .quiet { fill: #9198a1 } .axis { stroke: #656c76 } .grid { stroke: #21262d }
  .load { fill: #1c4a85 } .capacity { stroke: #6cb0ff } .size { fill: #1b4b29 } .desired { stroke: #56d364 } .most { stroke: #9198a1 }
  .cpu, .threshold { stroke: #ffa657 } .refused { fill: #ff7b72 } .latency { stroke: #d2a8ff } .beyond { fill: #4a1d20 }
  .alarm { fill: #ff7b72 } .scale { fill: #6cb0ff } .health { fill: #56d364 }`;

export const STYLE = `
  svg { font: 12px system-ui, sans-serif }
  text { fill: currentColor } text.quiet { font-size: 11px } .name { font-weight: bold; font-size: 14px }
  .label { paint-order: stroke; stroke-width: 3 }
  .axis, .grid, .capacity, .desired, .most, .cpu, .threshold, .latency { fill: none }
  .capacity, .desired { stroke-width: 2 } .cpu, .latency { stroke-width: 1.5 }
  .threshold { stroke-dasharray: 5 4 } .most { stroke-dasharray: 2 3 }${LIGHT}
  @media (prefers-color-scheme: dark) {${DARK}
  }
  @media print {${LIGHT}
  }`;

export const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${String(character.charCodeAt(0))};`);
