import type { ReactNode } from "react";
import { MissingPetalWall } from "./tile";

/** A whole page with one thing to say: not found, an error. `icon` stands in the missing tile. */
export function MessagePage({ icon, title, text, details, actions }: { icon: ReactNode; title: string; text: string; details?: ReactNode; actions: ReactNode }) {
  return (
    <main id="content" className="mx-auto grid min-h-dvh max-w-[860px] content-center items-center gap-8 px-5 py-8 md:grid-cols-[300px_1fr] md:gap-16">
      <MissingPetalWall>{icon}</MissingPetalWall>
      <div>
        <h1 className="md:text-[2.5rem]/[2.875rem]">{title}</h1>
        <p className="mt-3 max-w-[44ch] text-[1.0625rem]/[1.6875rem] text-muted">{text}</p>
        {details ? <p className="mt-2 text-small text-muted">{details}</p> : null}
        <div className="mt-6 flex flex-wrap gap-3">{actions}</div>
      </div>
    </main>
  );
}
