// A grpc-js client: node client.js ADDRESS CASE. Ends with 0 when the case holds, else says what does not.
'use strict';
const assert = require('node:assert');
const { grpc, testing, payload } = require('./service.js');

const [address, name] = process.argv.slice(2);
const credentials = grpc.credentials.createInsecure();
const client = new testing.TestService(address, credentials);
const gzipClient = new testing.TestService(address, credentials, { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip });
const special = '\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \u{1f608}\t\n';
const requestSizes = [27182, 8, 1828, 45904];
const responseSizes = [31415, 9, 2653, 58979];

// One promise for everything that a unary or client streaming call brings.
function outcome(start) {
  return new Promise((resolve) => {
    const seen = {};
    seen.call = start((error, response) => { seen.error = error; seen.response = response; });
    seen.call.on('metadata', (headers) => { seen.headers = headers; });
    seen.call.on('status', (status) => { seen.status = status; setImmediate(() => resolve(seen)); });
  });
}

// The same for a call with a stream of responses; onResponse may write on.
function stream(call, onResponse = () => {}) {
  return new Promise((resolve) => {
    const seen = { sizes: [] };
    call.on('metadata', (headers) => { seen.headers = headers; });
    call.on('data', (response) => { seen.sizes.push(response.payload.body.length); onResponse(seen); });
    call.on('error', () => {});
    call.on('status', (status) => { seen.status = status; setImmediate(() => resolve(seen)); });
  });
}

const ok = (seen) => { assert.strictEqual(seen.status.code, grpc.status.OK, seen.status.details); return seen; };
const asks = (...sizes) => ({ response_parameters: sizes.map((size) => ({ size })) });

function echoHeaders() {
  const metadata = new grpc.Metadata();
  metadata.set('x-grpc-test-echo-initial', 'test_initial_metadata_value');
  metadata.set('x-grpc-test-echo-trailing-bin', Buffer.from([0xab, 0xab, 0xab]));
  return metadata;
}

function assertEchoed(seen) {
  assert.deepStrictEqual(seen.headers.get('x-grpc-test-echo-initial'), ['test_initial_metadata_value']);
  assert.deepStrictEqual(seen.status.metadata.get('x-grpc-test-echo-trailing-bin'), [Buffer.from([0xab, 0xab, 0xab])]);
}

async function sendSizes(channel, extra) {
  const seen = ok(await outcome((done) => {
    const call = channel.StreamingInputCall(done);
    for (const size of requestSizes) {
      call.write({ payload: payload(size), ...extra });
    }
    call.end();
    return call;
  }));
  assert.strictEqual(seen.response.aggregated_payload_size, 74922);
}

async function statusOf(message) {
  const status = { code: 2, message };
  const unary = await outcome((done) => client.UnaryCall({ response_status: status }, done));
  const call = client.FullDuplexCall();
  call.write({ response_status: status });
  call.end();
  for (const seen of [unary, await stream(call)]) {
    assert.strictEqual(seen.status.code, 2);
    assert.strictEqual(seen.status.details, message);
  }
}

const cases = {
  empty_unary: async () => assert.deepStrictEqual(ok(await outcome((done) => client.EmptyCall({}, done))).response, {}),

  large_unary: async () => {
    const seen = ok(await outcome((done) => client.UnaryCall({ response_size: 314159, payload: payload(271828) }, done)));
    assert.ok(seen.response.payload.body.equals(Buffer.alloc(314159)));
  },

  client_streaming: () => sendSizes(client, {}),

  server_streaming: async () =>
    assert.deepStrictEqual(ok(await stream(client.StreamingOutputCall(asks(...responseSizes)))).sizes, responseSizes),

  ping_pong: async () => {
    const call = client.FullDuplexCall();
    const ping = (i) => call.write({ ...asks(responseSizes[i]), payload: payload(requestSizes[i]) });
    ping(0);
    const seen = ok(await stream(call, ({ sizes }) => (sizes.length < 4 ? ping(sizes.length) : call.end())));
    assert.deepStrictEqual(seen.sizes, responseSizes);
  },

  empty_stream: async () => {
    const call = client.FullDuplexCall();
    call.end();
    assert.deepStrictEqual(ok(await stream(call)).sizes, []);
  },

  client_compressed_unary: async () => {
    const call = (channel, value) => outcome((done) =>
      channel.UnaryCall({ expect_compressed: { value }, response_size: 314159, payload: payload(271828) }, done));
    assert.strictEqual((await call(client, true)).status.code, grpc.status.INVALID_ARGUMENT);
    for (const seen of [await call(gzipClient, true), await call(client, false)]) {
      assert.strictEqual(ok(seen).response.payload.body.length, 314159);
    }
  },

  client_compressed_streaming: () => sendSizes(gzipClient, { expect_compressed: { value: true } }),

  server_compressed_unary: async () => {
    for (const value of [true, false]) {
      const seen = ok(await outcome((done) => client.UnaryCall({ response_compressed: { value }, response_size: 314159 }, done)));
      assert.ok(seen.response.payload.body.equals(Buffer.alloc(314159)));
    }
  },

  server_compressed_streaming: async () => {
    const request = { response_parameters: [{ size: 31415, compressed: { value: true } }, { size: 92653, compressed: { value: false } }] };
    assert.deepStrictEqual(ok(await stream(client.StreamingOutputCall(request))).sizes, [31415, 92653]);
  },

  custom_metadata: async () => {
    assertEchoed(ok(await outcome((done) => client.UnaryCall({ response_size: 314159, payload: payload(271828) }, echoHeaders(), done))));
    const call = client.FullDuplexCall(echoHeaders());
    call.write({ ...asks(314159), payload: payload(271828) });
    call.end();
    assertEchoed(ok(await stream(call)));
  },

  status_code_and_message: () => statusOf('test status message'),

  special_status_message: () => statusOf(special),

  unimplemented_method: async () =>
    assert.strictEqual((await outcome((done) => client.UnimplementedCall({}, done))).status.code, grpc.status.UNIMPLEMENTED),

  unimplemented_service: async () => {
    const other = new testing.UnimplementedService(address, credentials);
    assert.strictEqual((await outcome((done) => other.UnimplementedCall({}, done))).status.code, grpc.status.UNIMPLEMENTED);
  },

  cancel_after_begin: async () => {
    const seen = await outcome((done) => {
      const call = client.StreamingInputCall(done);
      setImmediate(() => call.cancel());
      return call;
    });
    assert.strictEqual(seen.status.code, grpc.status.CANCELLED);
  },

  cancel_after_first_response: async () => {
    const call = client.FullDuplexCall();
    call.write({ ...asks(31415), payload: payload(27182) });
    const seen = await stream(call, () => call.cancel());
    assert.deepStrictEqual(seen.sizes, [31415]);
    assert.strictEqual(seen.status.code, grpc.status.CANCELLED);
  },

  timeout_on_sleeping_server: async () => {
    const call = client.FullDuplexCall({ deadline: Date.now() + 1 });
    call.write({ payload: payload(27182) });
    assert.strictEqual((await stream(call)).status.code, grpc.status.DEADLINE_EXCEEDED);
  },
};

if (!(name in cases)) {
  console.error(`unknown case '${name}'; known: ${Object.keys(cases).join(' ')}`);
  process.exit(2);
}
cases[name]().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
