// Reads Parquet files with three other implementations; prints the rows each of them sees, as JSON. They must agree.
import fs from 'fs';
import { parquetReadObjects } from 'hyparquet';
import parquetjs from '@dsnp/parquetjs';
import * as arrow from 'apache-arrow';
import * as wasm from 'parquet-wasm/node';
const text = rows => JSON.stringify(rows, (_, v) => typeof v === 'bigint' ? v.toString() : typeof v === 'number' && !Number.isSafeInteger(v) ? v.toPrecision(7) : v);
// The three give 64-bit numbers as BigInt or as number.
const plain = rows => rows.map(row => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, typeof v === 'bigint' ? v.toString() : typeof v === 'number' && Number.isInteger(v) ? v.toString() : v])));
let failed = false;
for (const name of process.argv.slice(2)) {
  const bytes = fs.readFileSync(name);
  const a = await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) });
  const reader = await parquetjs.ParquetReader.openFile(name), cursor = reader.getCursor(), b = [];
  for (let row; (row = await cursor.next());) b.push(row);
  await reader.close();
  const table = arrow.tableFromIPC(wasm.readParquet(bytes).intoIPCStream());
  const c = table.toArray().map(row => row.toJSON());
  const [x, y, z] = [a, b, c].map(rows => text(plain(rows)));
  failed ||= x !== y || x !== z;
  console.log(name, x === y, x === z, a.length, text(plain(a.slice(0, 2))));
  if (x !== z) console.log(' arrow:', text(plain(c.slice(0, 2))));
  if (x !== y) console.log(' parquetjs:', text(plain(b.slice(0, 2))));
}
process.exit(failed ? 1 : 0);
