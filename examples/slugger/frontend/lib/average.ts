export interface Player {
  id: number;
  name: string;
  atBats: number;
  hits: number;
}

/** A batting average as baseball writes it: three decimals, no zero before them. */
export function average({ atBats, hits }: Player): string {
  if (atBats === 0) return '—';
  return (hits / atBats).toFixed(3).replace(/^0/, '');
}
