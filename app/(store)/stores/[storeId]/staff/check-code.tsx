"use client";

import { useState } from "react";
import { CheckCodeDialog } from "../till/check-code-dialog";

/** "Conferir" beside "Cobrar". */
export function CheckCode({ storeId, timeZone }: { storeId: string; timeZone: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="grid [&>button]:min-h-14">
      <CheckCodeDialog storeId={storeId} timeZone={timeZone} isOpen={isOpen} onOpenChange={setOpen} />
    </div>
  );
}
