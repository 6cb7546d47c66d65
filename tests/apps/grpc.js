// A server of gRPC without a library: HTTP/2 without TLS, messages sent back as they come.
const http2 = require('http2');

const head = { ':status': 200, 'content-type': 'application/grpc' };

const calls = {
  '/test.Echo/Talk': (stream) => {
    stream.respond(head, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.pipe(stream);
  },
};

const server = http2.createServer();
server.on('stream', (stream, { ':path': path }) => {
  stream.on('error', () => {});
  const call = calls[path];
  if (call) return call(stream);
  // What no method answers, health checks of the load balancer among it, is unimplemented.
  stream.respond({ ...head, 'grpc-status': '12' }, { endStream: true });
});
server.listen(process.env.PORT, () => console.log('listening'));
