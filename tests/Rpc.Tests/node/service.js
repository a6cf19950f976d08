// The TestService as grpc-js reads it out of test.proto.
'use strict';
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const definition = loader.loadSync(path.join(__dirname, '../Protos/test.proto'), { keepCase: true, defaults: true });
const { testing } = grpc.loadPackageDefinition(definition).grpc;
const payload = (size) => ({ type: 'COMPRESSABLE', body: Buffer.alloc(size) });

module.exports = { grpc, testing, payload };
