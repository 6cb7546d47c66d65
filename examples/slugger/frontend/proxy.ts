import { type NextRequest, NextResponse } from 'next/server';

/** Passes the load balancer's trace id on, and logs each page's request with it. */
export function proxy(request: NextRequest): NextResponse {
  const correlationId = request.headers.get('x-amzn-trace-id') ?? crypto.randomUUID();
  const agent = request.headers.get('user-agent') ?? '';
  // Health checks come every few seconds and would drown everything else.
  if (!/^(ELB-HealthChecker|node)/.test(agent)) {
    const { method, nextUrl } = request;
    const line = { timestamp: new Date(), level: 'info', message: 'request', service: 'slugger-frontend', correlationId, method, path: nextUrl.pathname };
    console.log(JSON.stringify(line));
  }
  return NextResponse.next({ headers: { 'x-correlation-id': correlationId } });
}

export const config = { matcher: '/((?!_next/).*)' };
