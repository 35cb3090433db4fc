/* Lets the draw appear: comb after comb, then visit after visit. The page as it came is the final state; without script,
   for those who want no motion, and on a reload it simply stands there. */
(function () {
  'use strict';
  const play = document.getElementById('play'), end = document.getElementById('end');
  if (!play || !end) return;
  const still = window.matchMedia && window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  let waiting = [];

  function finish() {
    waiting.forEach(clearTimeout);
    waiting = [];
    document.body.classList.remove('playing');
    document.querySelectorAll('.seen').forEach(item => item.classList.remove('seen'));
    end.hidden = true;
    play.hidden = still;
  }

  function start() {
    const combs = Array.from(document.querySelectorAll('.comb')), visits = Array.from(document.querySelectorAll('.visit'));
    document.body.classList.add('playing');
    play.hidden = true;
    end.hidden = false;
    // However many there are, it takes some twenty seconds.
    const pace = Math.min(1200, 12000 / Math.max(1, combs.length)), step = Math.min(400, 8000 / Math.max(1, visits.length));
    let at = 400;
    combs.forEach(comb => { waiting.push(setTimeout(() => comb.classList.add('seen'), at)); at += pace; });
    at += 800;
    visits.forEach(visit => { waiting.push(setTimeout(() => visit.classList.add('seen'), at)); at += step; });
    waiting.push(setTimeout(finish, at + 1000));
  }

  play.addEventListener('click', start);
  end.addEventListener('click', finish);
  play.hidden = still;
}());
