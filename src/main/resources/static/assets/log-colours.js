// A printed line with the colours that its escape sequences ask for, as the service makes them of the lines that a page begins with.
// Each line begins without any; sequences that move a terminal's cursor are left out.
// biome-ignore lint/suspicious/noControlCharactersInRegex: a sequence begins with one.
const SEQUENCE = /\u001b(?:\[([0-9;:]*)([\u0020-\u002f]*[@-~])|\[[^@-~]*[@-~]?|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_]?)/g;
const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const PLAIN = { colour: null, bold: false, dim: false, underlined: false };

function colours(look, code) {
  if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) return { ...look, colour: COLOURS[code % 10] };
  switch (code) {
    case 0:
      return PLAIN;
    case 1:
      return { ...look, bold: true };
    case 2:
      return { ...look, dim: true };
    case 4:
      return { ...look, underlined: true };
    case 22:
      return { ...look, bold: false, dim: false };
    case 24:
      return { ...look, underlined: false };
    case 39:
      return { ...look, colour: null };
    default:
      return look;
  }
}

function after(look, codes) {
  const all = codes.split(/[;:]/).map(Number);
  let next = look;
  for (let at = 0; at < all.length; at++) {
    const code = all[at];
    if (code === 38 || code === 48) {
      const isOfPalette = all[at + 1] === 5 && at + 2 < all.length;
      if (code === 38 && isOfPalette && all[at + 2] < 16) next = { ...next, colour: COLOURS[all[at + 2] % 8] };
      at += isOfPalette ? 2 : 4;
    } else next = colours(next, code);
  }
  return next;
}

function names(look) {
  const all = [];
  if (look.colour) all.push('ansi-' + look.colour);
  if (look.bold) all.push('ansi-bold');
  if (look.dim) all.push('ansi-dim');
  if (look.underlined) all.push('ansi-underlined');
  return all.join(' ');
}

// As pieces of {text, css}.
export function coloured(line) {
  if (!line.includes('\u001b')) return [{ text: line, css: '' }];
  const pieces = [];
  let look = PLAIN;
  let from = 0;
  for (const found of line.matchAll(SEQUENCE)) {
    if (found.index > from) pieces.push({ text: line.slice(from, found.index), css: names(look) });
    from = found.index + found[0].length;
    if (found[2] === 'm') look = after(look, found[1]);
  }
  if (from < line.length) pieces.push({ text: line.slice(from), css: names(look) });
  return pieces;
}
