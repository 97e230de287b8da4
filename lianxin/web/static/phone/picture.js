// Photos made smaller before they are kept: a day's worth fits on the phone and goes through a thin wire.
"use strict";
(() => {
  const QUALITY = 0.85;

  // A JPEG of at most `side` pixels, upright, without what the camera wrote into it. What the phone
  // cannot draw is left as it is: the house says what is wrong with it, and the words are not lost.
  self.jot.shrink = async (file, side) => {
    let drawn;
    try {
      drawn = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      return file;
    }
    const scale = Math.min(1, side / Math.max(drawn.width, drawn.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(drawn.width * scale));
    canvas.height = Math.max(1, Math.round(drawn.height * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(drawn, 0, 0, canvas.width, canvas.height);
    drawn.close();
    return (await new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); })) || file;
  };
})();
