import type { ReactNode } from "react";
import { MissingTileWall } from "./tile";

/** A wall with one tile missing, one line, one action. `icon` (an `<Icon size="large">`) stands in the gap. */
export function EmptyState({ title, text, action, icon }: { title: ReactNode; text?: ReactNode; action?: ReactNode; icon?: ReactNode }) {
  return (
    <div className="grid justify-items-center px-5 py-8 text-center">
      <MissingTileWall>{icon}</MissingTileWall>
      <h2 className="mt-7 max-w-[18ch] text-[1.5rem]/[1.875rem]">{title}</h2>
      {text ? <p className="mt-2 max-w-[38ch] text-muted">{text}</p> : null}
      {action ? <div className="mt-6">{action}</div> : null}
    </div>
  );
}
