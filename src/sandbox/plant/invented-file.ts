const WIDTH = 1280;
const HEIGHT = 960;

/** The size of every invented picture, as its record tells it. */
export const INVENTED_SIZE = { width: WIDTH, height: HEIGHT };

/** Bytes that a seeded file may have: a real picture or document, another one for every key. */
export function inventedBytes(key: string, mimeType: string): Uint8Array {
  return mimeType === 'image/jpeg' ? picture(key) : pdf(key);
}

/** A JPEG all in grey: in each block the difference to the one before is nothing, which its tables code as two zero bits. */
function picture(key: string): Uint8Array {
  const blocks = (WIDTH / 8) * (HEIGHT / 8);
  const size = Buffer.alloc(4);
  size.writeUInt16BE(HEIGHT, 0);
  size.writeUInt16BE(WIDTH, 2);
  const onlyZero = [1, ...Array.from({ length: 15 }, () => 0), 0];
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xfe, Buffer.from(key, 'utf8').subarray(0, 60_000)),
    segment(0xdb, Buffer.alloc(65, 1).fill(0, 0, 1)),
    segment(0xc0, Buffer.concat([Buffer.from([8]), size, Buffer.from([1, 1, 0x11, 0])])),
    segment(0xc4, Buffer.from([0x00, ...onlyZero])),
    segment(0xc4, Buffer.from([0x10, ...onlyZero])),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    Buffer.alloc(blocks / 4),
    Buffer.from([0xff, 0xd9]),
  ]);
}

function segment(marker: number, content: Uint8Array): Uint8Array {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

/** One page that says its own name. */
function pdf(key: string): Uint8Array {
  const name = key.replaceAll(/[^ -~]/g, '?').replaceAll(/([\\()])/g, String.raw`\$1`);
  const text = `BT /F1 14 Tf 40 780 Td (${name}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let body = '%PDF-1.4\n';
  const places: number[] = [];
  for (const [index, object] of objects.entries()) {
    places.push(body.length);
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
  }
  const entries = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}`;
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
  return Buffer.from(body + table + trailer, 'latin1');
}
