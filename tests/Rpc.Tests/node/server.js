// A grpc-js server: prints its port, ends when its standard input does.
'use strict';
const { grpc, testing, payload } = require('./service.js');

function echoMetadata(call) {
  const initial = call.metadata.get('x-grpc-test-echo-initial');
  if (initial.length > 0) {
    const headers = new grpc.Metadata();
    headers.set('x-grpc-test-echo-initial', initial[0]);
    call.sendMetadata(headers);
  }
  const trailers = new grpc.Metadata();
  const trailing = call.metadata.get('x-grpc-test-echo-trailing-bin');
  if (trailing.length > 0) {
    trailers.set('x-grpc-test-echo-trailing-bin', trailing[0]);
  }
  return trailers;
}

const isError = (status) => status && status.code !== 0;
const pause = (microseconds) => new Promise((resolve) => setTimeout(resolve, microseconds / 1000));

// Writes the responses that a request asks for, waiting for a full buffer to drain.
async function respond(call, request) {
  for (const parameters of request.response_parameters) {
    if (parameters.interval_us > 0) {
      await pause(parameters.interval_us);
    }
    if (call.cancelled) {
      return;
    }
    if (!call.write({ payload: payload(parameters.size) })) {
      await new Promise((resolve) => call.once('drain', resolve));
    }
  }
}

const server = new grpc.Server();
server.addService(testing.TestService.service, {
  EmptyCall: (call, done) => done(null, {}, echoMetadata(call)),

  UnaryCall: (call, done) => {
    const trailers = echoMetadata(call);
    const { response_status: status, response_size: size } = call.request;
    if (isError(status)) {
      done({ code: status.code, details: status.message, metadata: trailers });
    } else {
      done(null, { payload: payload(size) }, trailers);
    }
  },

  StreamingInputCall: (call, done) => {
    let size = 0;
    call.on('data', (request) => { size += request.payload.body.length; });
    call.on('end', () => done(null, { aggregated_payload_size: size }));
    call.on('error', () => {});
  },

  StreamingOutputCall: async (call) => {
    await respond(call, call.request);
    call.end();
  },

  FullDuplexCall: (call) => {
    const trailers = echoMetadata(call);
    // One request is answered after the other. (for await would destroy the call at the requests' end.)
    let answered = Promise.resolve();
    call.on('error', () => {});
    call.on('data', (request) => {
      const { response_status: status } = request;
      answered = answered.then(() => (isError(status)
        ? call.emit('error', { code: status.code, details: status.message, metadata: trailers })
        : respond(call, request)));
    });
    call.on('end', () => { answered.then(() => call.end(trailers)); });
  },
});

server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    throw error;
  }
  console.log(port);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
