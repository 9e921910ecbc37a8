import type { ReactNode } from "react";
import { AreaMessages } from "@/components/area-messages";

export default function ExploreLayout({ children }: { children: ReactNode }) {
  return <AreaMessages areas={["explore"]}>{children}</AreaMessages>;
}
