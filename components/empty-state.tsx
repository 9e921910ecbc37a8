import type { ReactNode } from "react";
import { MissingTileWall } from "./tile";

/** A wall with one tile missing, one line, one action. */
export function EmptyState({ title, text, action, seed }: { title: ReactNode; text?: ReactNode; action?: ReactNode; seed?: string }) {
  return (
    <div className="grid justify-items-center gap-3 px-5 py-8 text-center">
      <MissingTileWall seed={seed} />
      <h2 className="mt-3">{title}</h2>
      {text ? <p className="max-w-[36ch] text-muted">{text}</p> : null}
      {action ? <div className="mt-2">{action}</div> : null}
    </div>
  );
}
