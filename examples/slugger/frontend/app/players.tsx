'use client';

import { useEffect, useState } from 'react';
import { type Player, average } from '../lib/average';

/** Empty where front end and backend have one address. */
const api = process.env.NEXT_PUBLIC_API_URL ?? '';

export function Players() {
  const [players, setPlayers] = useState<Player[]>();
  const [fault, setFault] = useState('');

  useEffect(() => {
    fetch(`${api}/api/players`)
      .then((response) => (response.ok ? response.json() : Promise.reject(new Error(`the backend answered ${response.status}`))))
      .then(setPlayers, (error: Error) => setFault(error.message));
  }, []);

  if (fault) return <p role="alert">{fault}</p>;
  if (!players) return <p>…</p>;
  return (
    <table>
      <tbody>
        {players.map((player) => (
          <tr key={player.id}>
            <td>{player.name}</td>
            <td>{average(player)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
