import { join } from 'node:path';
import type { NextConfig } from 'next';

const config: NextConfig = {
  // A server with just the files that it needs, traced through the whole repository.
  output: 'standalone',
  outputFileTracingRoot: join(import.meta.dirname, '..'),
  images: { unoptimized: true },
  poweredByHeader: false,
};

export default config;
