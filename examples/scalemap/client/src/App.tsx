import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { Api, type Assessment } from './api';

export function App() {
  const [api, setApi] = useState<Api>();
  return (
    <>
      <h1>scalemap</h1>
      {api ? <Assessments api={api} /> : <Entrance onEnter={setApi} />}
    </>
  );
}

function Entrance({ onEnter }: { onEnter: (api: Api) => void }) {
  const [fault, setFault] = useState('');

  async function enter(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const submitter = (event.nativeEvent as SubmitEvent).submitter as HTMLButtonElement;
    const way = submitter.value === 'register' ? 'register' : 'login';
    try {
      onEnter(await Api.enter(way, String(form.get('email')), String(form.get('password'))));
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    }
  }

  return (
    <form onSubmit={enter}>
      <input name="email" type="email" placeholder="email" required />
      <input name="password" type="password" placeholder="password" minLength={10} required />
      <button value="login">Log in</button>
      <button value="register">Register</button>
      <p role="alert">{fault}</p>
    </form>
  );
}

function Assessments({ api }: { api: Api }) {
  const [assessments, setAssessments] = useState<Assessment[]>([]);
  const refresh = useCallback(async () => setAssessments(await api.assessments()), [api]);
  useEffect(() => void refresh(), [refresh]);

  return (
    <>
      <button onClick={() => void api.begin().then(refresh)}>New assessment</button>
      <ul>
        {assessments.map(({ id, status }) => (
          <li key={id}>
            Assessment {id}: {status}{' '}
            {status === 'open' && <button onClick={() => void api.submit(id).then(refresh)}>Submit</button>}
          </li>
        ))}
      </ul>
    </>
  );
}
