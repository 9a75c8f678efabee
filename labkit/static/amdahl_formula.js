/** Amdahl's law in words and in symbols, with the current numbers put in. */

/** S = 1 / (f + (1 - f) / p), once with the given symbols or numbers. */
function amdahlTerm(f, rest, p) {
  const share = mathml("mstyle", over(rest, p));
  fill(share, { displaystyle: "true", scriptlevel: "0" }, []);
  return over(mn("1"), row(f, mo("+"), share));
}

/** S(p) in symbols, in numbers, and its value. */
function speedupEquation(now) {
  const symbols = amdahlTerm(mi("f"), row(mn("1"), mo("−"), mi("f")), mi("p"));
  const numbers = amdahlTerm(mn(shown(now.f)), mn(shown(1 - now.f)), mn(shown(now.p)));
  const value = mn(`${shown(now.speedup)}×`);
  return equation(mi("S"), mo("("), mi("p"), mo(")"), mo("="), symbols, mo("="), numbers, mo("="), value);
}

/** E(p) in symbols, in numbers, and its value. */
function efficiencyEquation(now) {
  const symbols = over(row(mi("S"), mo("("), mi("p"), mo(")")), mi("p"));
  const numbers = over(mn(shown(now.speedup)), mn(shown(now.p)));
  const value = mn(`${shown(100 * now.efficiency)} %`);
  return equation(mi("E"), mo("("), mi("p"), mo(")"), mo("="), symbols, mo("="), numbers, mo("="), value);
}

/** The limit in symbols and numbers. */
function limitEquation(now) {
  const value = now.limit === null ? mn("∞") : mn(`${shown(now.limit)}×`);
  const lim = mathml("munder", mi("lim"), row(mi("p"), mo("→"), mn("∞")));
  const numbers = over(mn("1"), mn(shown(now.f)));
  const speedup = [mi("S"), mo("("), mi("p"), mo(")")];
  return equation(lim, mo("\u2009"), ...speedup, mo("="), over(mn("1"), mi("f")), mo("="), numbers, mo("="), value);
}

/** What the milestone asks, judged: the words shown and spoken. */
function verdictSentence(now) {
  if (now.target === null) return "";
  const milestone = `The milestone of ${shown(now.target)}×`;
  if (now.verdict === "unphysical") {
    const cure = `the way there is a serial fraction below ${shown(now.breakEven)}, not more workers.`;
    return ` ${milestone} is unphysical: no number of workers reaches it at this serial fraction; ${cure}`;
  }
  const workers = `${shown(now.needed, 6)} worker${now.needed === 1 ? "" : "s"}`;
  const beyond = now.needed > now.axisEnd ? ", beyond the end of this chart" : "";
  return ` ${milestone} is reached with ${workers}${beyond}.`;
}

/** The whole state in words: the chart's text alternative. */
function stateSentence(now) {
  const workers = `${shown(now.p)} worker${now.p === 1 ? "" : "s"}`;
  const limit = now.limit === null ? "Nothing is serial, so nothing limits it." : `The limit is ${shown(now.limit)}×.`;
  const reading = `With a serial fraction of ${shown(now.f)}, ${workers} give${now.p === 1 ? "s" : ""} a speedup of `;
  const values = `${shown(now.speedup)}× at an efficiency of ${shown(100 * now.efficiency)} %. `;
  return reading + values + limit + verdictSentence(now) + fitSentence(now);
}

/** What the measured points say. */
function fitSentence(now) {
  if (now.fitted === null) return "";
  const count = now.measured.length;
  return ` The ${count} measured point${count === 1 ? " fits" : "s fit"} a serial fraction of ${shown(now.fitted)}.`;
}
