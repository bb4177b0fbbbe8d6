// Writes small Parquet files with other implementations.
import fs from 'fs';
import { parquetWriteBuffer } from 'hyparquet-writer';
import parquetjs from '@dsnp/parquetjs';
import * as arrow from 'apache-arrow';
import * as wasm from 'parquet-wasm/node';
const out = process.argv[2];
fs.mkdirSync(out, { recursive: true });
const n = 300;
const seq = f => Array.from({ length: n }, (_, i) => f(i));
// hyparquet-writer
fs.writeFileSync(`${out}/hyparquet-snappy.parquet`, Buffer.from(parquetWriteBuffer({ rowGroupSize: [120], columnData: [
  { name: 'flag', data: seq(i => i % 3 === 0), type: 'BOOLEAN' },
  { name: 'id', data: seq(i => i - 500), type: 'INT32' },
  { name: 'big', data: seq(i => BigInt(i) * 10000000000n), type: 'INT64' },
  { name: 'x', data: seq(i => i / 8), type: 'DOUBLE' },
  { name: 'y', data: seq(i => i % 7 === 0 ? null : i / 4), type: 'FLOAT', nullable: true },
  { name: 'name', data: seq(i => ['alpha', 'béta', '', 'delta'][i % 4]), type: 'STRING' },
] })));
// parquetjs: data pages of version 1 and 2, uncompressed, gzip and snappy
const schema = c => new parquetjs.ParquetSchema({
  flag: { type: 'BOOLEAN' }, id: { type: 'INT32', compression: c }, u8: { type: 'UINT_8', compression: c }, s8: { type: 'INT_8', compression: c }, u32: { type: 'UINT_32', compression: c }, u64: { type: 'UINT_64', compression: c },
  x: { type: 'DOUBLE', compression: c }, f: { type: 'FLOAT', optional: true, compression: c }, name: { type: 'UTF8', compression: c } });
for (const [c, v2] of [['UNCOMPRESSED', false], ['SNAPPY', true], ['GZIP', true]]) {
  const w = await parquetjs.ParquetWriter.openFile(schema(c), `${out}/parquetjs-${c.toLowerCase()}-${v2 ? 'v2' : 'v1'}.parquet`, { useDataPageV2: v2, rowGroupSize: 120 });
  for (let i = 0; i < n; i++) { const r = { flag: i % 3 === 0, id: i - 500, u8: i % 256, s8: i % 256 - 128, u32: 2000000000 + i, u64: 9007199254740992 + i * 2, x: i / 8, name: ['alpha', 'béta', '', 'delta'][i % 4] }; if (i % 7) r.f = i / 4; await w.appendRow(r); }
  await w.close();
}
// parquet-wasm (Rust arrow)
const T = arrow;
const vec = (a, t) => arrow.vectorFromArray(a, t);
const table = new arrow.Table({
  flag: vec(seq(i => i % 3 === 0), new T.Bool()), s8: vec(seq(i => i % 256 - 128), new T.Int8()), u8: vec(seq(i => i % 256), new T.Uint8()), s16: vec(seq(i => i), new T.Int16()),
  s32: vec(seq(i => i - 500), new T.Int32()), u32: vec(seq(i => 3000000000 + i), new T.Uint32()), s64: vec(seq(i => -BigInt(i)), new T.Int64()), u64: vec(seq(i => 18446744073709551615n - BigInt(i)), new T.Uint64()),
  f32: vec(seq(i => i / 4), new T.Float32()), f64: vec(seq(i => i % 7 === 0 ? null : i / 8), new T.Float64()), name: vec(seq(i => i % 5 === 0 ? null : ['alpha', 'béta', '', 'delta'][i % 4]), new T.Utf8()) });
const wt = () => wasm.Table.fromIPCStream(arrow.tableToIPC(table, 'stream'));
for (const [name, codec, version, dict] of [['snappy', wasm.Compression.SNAPPY, wasm.WriterVersion.V1, true], ['plain', wasm.Compression.UNCOMPRESSED, wasm.WriterVersion.V1, false], ['v2-dictionary', wasm.Compression.SNAPPY, wasm.WriterVersion.V2, true], ['zstd', wasm.Compression.ZSTD, wasm.WriterVersion.V1, true], ['v2-delta', wasm.Compression.UNCOMPRESSED, wasm.WriterVersion.V2, false]]) {
  const p = new wasm.WriterPropertiesBuilder().setCompression(codec).setWriterVersion(version).setDictionaryEnabled(dict).setMaxRowGroupSize(180).setDataPageSizeLimit(1024).build();
  fs.writeFileSync(`${out}/arrow-${name}.parquet`, wasm.writeParquet(wt(), p));
}
