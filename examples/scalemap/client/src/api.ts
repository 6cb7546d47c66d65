export interface Assessment {
  id: number;
  status: 'open' | 'submitted';
}

/** The API as one user sees it. */
export class Api {
  constructor(private readonly token?: string) {}

  static async enter(way: 'login' | 'register', email: string, password: string): Promise<Api> {
    const { token } = await new Api().call<{ token: string }>(`/auth/${way}`, { email, password });
    return new Api(token);
  }

  assessments(): Promise<Assessment[]> {
    return this.call('/assessments');
  }

  begin(): Promise<Assessment> {
    return this.call('/assessments', {});
  }

  submit(id: number): Promise<Assessment> {
    return this.call(`/assessments/${id}/submit`, {});
  }

  private async call<T>(path: string, body?: object): Promise<T> {
    const headers = new Headers({ 'content-type': 'application/json' });
    if (this.token) headers.set('authorization', `Bearer ${this.token}`);
    const request = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers };
    const response = await fetch(`/api${path}`, request);
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error ?? `the API answered ${response.status}`);
    return answer;
  }
}
