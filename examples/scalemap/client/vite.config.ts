import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  // While it is developed; deployed, the load balancer or CloudFront does it.
  server: { proxy: { '/api': 'http://127.0.0.1:3000' } },
});
