import { Players } from './players';

export default function Page() {
  return (
    <>
      <h1>slugger</h1>
      <Players />
    </>
  );
}
