// A grpc-js client: node client.js ADDRESS PROTO_ROOT WAV. Classifies a 16-bit WAV under a stream id, subscribes to it from its first update, and
// lists services by a raw reflection call and their health; prints what it saw as one JSON object.
'use strict';
const fs = require('node:fs');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [address, protoRoot, wav] = process.argv.slice(2);
const load = file => grpc.loadPackageDefinition(loader.loadSync(file, { includeDirs: [protoRoot], longs: Number, enums: String, defaults: true }));
const { Health } = load('grpc/health/v1/health.proto').grpc.health.v1;
const { GenreStreamService } = load('streamgenre/v1/genre_stream.proto').streamgenre.v1;
const credentials = grpc.credentials.createInsecure();
const client = new GenreStreamService(address, credentials);
const file = fs.readFileSync(wav);
const rate = file.readInt32LE(24);
const channels = file.readInt16LE(22);

const collect = call => new Promise((resolve, reject) => {
  const updates = [];
  call.on('data', update => updates.push(update));
  call.on('error', reject);
  call.on('end', () => resolve(updates));
});

async function classify() {
  const call = client.classify();
  const updates = collect(call);
  call.write({ config: { encoding: 'AUDIO_ENCODING_PCM_S16LE', sampleRateHz: rate, channels, streamId: 'from-node' } });
  for (let at = 44; at < file.length; at += 4097) {
    call.write({ audio: file.subarray(at, at + 4097) });
  }
  call.end();
  return updates;
}

// ServerReflectionRequest.list_services (field 7) = "*"; the answer's names are read as field 1 of field 1 of field 6.
function listServices(version) {
  const raw = bytes => bytes;
  const call = new grpc.Client(address, credentials).makeBidiStreamRequest(`/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`, raw, raw);
  call.write(Buffer.from([0x3a, 1, 0x2a]));
  call.end();
  return new Promise((resolve, reject) => {
    call.on('data', bytes => resolve(bytes.toString('latin1').match(/[a-z]+(\.[A-Za-z0-9]+)+/g)));
    call.on('error', reject);
  });
}

function health() {
  return new Promise((resolve, reject) => new Health(address, credentials).list({}, (error, answer) => (error ? reject(error) : resolve(answer.statuses))));
}

function refused() {
  const call = client.classify();
  const error = collect(call).then(() => null, e => ({ code: e.code, details: e.details }));
  call.write({ audio: Buffer.alloc(10) });
  call.end();
  return error;
}

(async () => {
  const classified = await classify();
  const subscribed = await collect(client.subscribe({ streamId: 'from-node', fromSequence: 1 }));
  const error = await refused();
  const services = { v1: await listServices('v1'), v1alpha: await listServices('v1alpha') };
  console.log(JSON.stringify({ classified, subscribed, error, services, health: await health() }));
  process.exit(0);
})().catch(error => {
  console.error(error);
  process.exit(1);
});
