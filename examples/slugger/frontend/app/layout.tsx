import type { ReactNode } from 'react';

export const metadata = { title: 'slugger' };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <main>{children}</main>
        {/* Fixed when the image was built, as all that begins with NEXT_PUBLIC_. */}
        <footer>{process.env.NEXT_PUBLIC_STAGE}</footer>
      </body>
    </html>
  );
}
