"""A UniProt table and a gene_info of yeast's and human's genes, made here: real names of real
genes, joined with accessions and gene IDs of TFLink's own files.

What is listed of a gene: its name, its synonyms joined by `|`, of yeast the ordered locus; of
some the full name of the protein.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

HUMAN, YEAST = 9606, 559292

#: Name and synonyms; after `=` the full name of the protein.
_HUMAN: Final = """\
ABL1 ABL|JTK7|c-ABL|p150 = Tyrosine-protein kinase ABL1
AEBP2
AFF4 AF5Q31|MCEF
AFP FETA|HPAFP = Alpha-fetoprotein
AGO1 EIF2C1 = Protein argonaute-1
AGO2 EIF2C2 = Protein argonaute-2
ALDOA ALDA = Fructose-bisphosphate aldolase A
AR DHTR|NR3C4 = Androgen receptor
ARNT BHLHE2|HIF1B = Aryl hydrocarbon receptor nuclear translocator
ASCL1 ASH1|BHLHA46|HASH1 = Achaete-scute homolog 1
ATF2 CREB2|CREBP1 = Cyclic AMP-dependent transcription factor ATF-2
ATF7 ATFA
ATM ATA|TEL1 = Serine-protein kinase ATM
AXIN2 AXIL = Axin-2
BACH1 BTBD24 = Transcription regulator protein BACH1
BATF SFA-2
BAX BCL2L4 = Apoptosis regulator BAX
BGLAP OC|OCN = Osteocalcin
BMI1 PCGF4|RNF51 = Polycomb complex protein BMI-1
BMPR1A ACVRLK3|ALK3|CD292
BPTF FAC1|FALZ = Nucleosome-remodeling factor subunit BPTF
BRD1 BRL|BRPF2
BRD4 HUNK1|MCAP = Bromodomain-containing protein 4
CASP3 CPP32|CPP32B = Caspase-3
CBFB PEBP2B = Core-binding factor subunit beta
CDK2 CDKN2|p33(CDK2) = Cyclin-dependent kinase 2
CDK7 CAK|CDKN7|MO15|STK1 = Cyclin-dependent kinase 7
CDK8 K35 = Cyclin-dependent kinase 8
CDKN1A CAP20|CIP1|MDA6|P21|SDI1|WAF1 = Cyclin-dependent kinase inhibitor 1
CDKN1B KIP1|P27KIP1 = Cyclin-dependent kinase inhibitor 1B
CEBPA C/EBP-alpha|CEBP = CCAAT/enhancer-binding protein alpha
CEBPB LAP|NF-IL6|TCF5 = CCAAT/enhancer-binding protein beta
CENPA CENP-A = Histone H3-like centromeric protein A
CHD8 DUPLIN|HELSNF1
CIITA C2TA|MHC2TA|NLRA = MHC class II transactivator
CREM CREM-2|ICER|hCREM-2 = cAMP-responsive element modulator
CTCF FAP108 = Transcriptional repressor CTCF
CTCFL BORIS = Transcriptional repressor CTCFL
DDIT3 CHOP|CHOP10|GADD153 = DNA damage-inducible transcript 3 protein
DHX9 DDX9|LKP|NDH2|RHA = ATP-dependent RNA helicase A
DICER1 DICER|HERNA = Endoribonuclease Dicer
E2F1 RBAP1|RBBP3|RBP3 = Transcription factor E2F1
E2F4 E2F-4 = Transcription factor E2F4
EBF3 COE3 = Transcription factor COE3
EGLN2 EIT-6|HIFPH1|PHD1
EGR1 KROX24|NGFI-A|TIS8|ZIF-268|ZNF225 = Early growth response protein 1
EGR2 KROX20 = E3 SUMO-protein ligase EGR2
ELANE ELA2|HLE|NE = Neutrophil elastase
ELAVL1 HUR = ELAV-like protein 1
ELF3 ERT|ESX|JEN
ELK1 p62TCF = ETS domain-containing protein Elk-1
EP300 KAT3B|P300|p300 = Histone acetyltransferase p300
ERCC2 XPD|XPDC = General transcription and DNA repair factor IIH helicase subunit XPD
ERG p55 = Transcriptional regulator ERG
ESR1 ER-alpha|ERα|ESR|NR3A1 = Estrogen receptor
ETS1 EWSR2 = Protein C-ets-1
ETV6 TEL|TEL1 = Transcription factor ETV6
EZH2 ENX-1|KMT6 = Histone-lysine N-methyltransferase EZH2
EZR VIL2|CVL = Ezrin
FGFR1 BFGFR|CEK|FLG|FLT2 = Fibroblast growth factor receptor 1
FLI1 EWSR2|SIC-1 = Friend leukemia integration 1 transcription factor
FOS c-fos|G0S7 = Protein c-Fos
FOSB AP-1|G0S3 = Protein FosB
FOSL2 FRA2|FRA-2 = Fos-related antigen 2
FOXA1 HNF3A|TCF3A = Hepatocyte nuclear factor 3-alpha
FOXA2 HNF3B|TCF3B = Hepatocyte nuclear factor 3-beta
FOXP1 QRF1
FOXP3 AIID|IPEX|SCURFIN = Forkhead box protein P3
GATA1 ERYF1|GF1|NF-E1|NFE1 = Erythroid transcription factor
GATA2 NFE1B = Endothelial transcription factor GATA-2
GATA4 TACHD = Transcription factor GATA-4
GFI1 ZNF163 = Zinc finger protein Gfi-1
HDAC1 HD1|RPD3L1 = Histone deacetylase 1
HDAC4 HD4|KIAA0288 = Histone deacetylase 4
HDAC8 HDACL1 = Histone deacetylase 8
HIF1A BHLHE78|MOP1|PASD8|HIF-1α = Hypoxia-inducible factor 1-alpha
HNF4A HNF4|NR2A1|TCF14|HNF4α = Hepatocyte nuclear factor 4-alpha
HNF4G NR2A2 = Hepatocyte nuclear factor 4-gamma
IBSP BNSP|BSP = Bone sialoprotein 2
IKZF1 IKAROS|LYF1|ZNFN1A1 = DNA-binding protein Ikaros
ILF3 DRBF|MPHOSPH4|NF90 = Interleukin enhancer-binding factor 3
ING1 p33ING1|p24ING1c = Inhibitor of growth protein 1
ING4 p29ING4 = Inhibitor of growth protein 4
INSR CD220 = Insulin receptor
IRF1 MAR = Interferon regulatory factor 1
IRF3 IRF-3 = Interferon regulatory factor 3
IRF4 MUM1|LSIRF = Interferon regulatory factor 4
JMJD6 PSR|PTDSR
JUN AP1|c-Jun|p39 = Transcription factor Jun
JUNB AP-1 = Transcription factor JunB
JUND AP-1 = Transcription factor JunD
KAT2B PCAF = Histone acetyltransferase KAT2B
KCNH2 ERG|ERG1|HERG
KDM1A AOF2|LSD1 = Lysine-specific histone demethylase 1A
KDM4C GASC1|JHDM3C|JMJD2C
KDM5B JARID1B|PLU1|RBBP2H1
KDM6B JMJD3
KLF1 EKLF = Krueppel-like factor 1
KLF4 EZF|GKLF = Krueppel-like factor 4
KLF5 BTEB2|CKLF|IKLF = Krueppel-like factor 5
KLK3 APS|PSA = Prostate-specific antigen
KMT2A ALL1|CXXC7|HRX|HTRX|MLL|MLL1|TRX1 = Histone-lysine N-methyltransferase 2A
LGALS3 GAL3|MAC2 = Galectin-3
MAX BHLHD4 = Protein max
MAZ ZNF801|PUR-1 = Myc-associated zinc finger protein
MECOM EVI1|MDS1|PRDM3 = Histone-lysine N-methyltransferase MECOM
MEN1 SCG2 = Menin
MMP13 CLG3 = Collagenase 3
MMP2 CLG4A = 72 kDa type IV collagenase
MYC BHLHE39|c-Myc = Myc proto-oncogene protein
MYCN BHLHE37|NMYC = N-myc proto-oncogene protein
NANOG
NBN NBS|NBS1|P95 = Nibrin
NCAM1 NCAM|CD56 = Neural cell adhesion molecule 1
NCOR1 N-CoR
NCOR2 CTG26|SMRT
NEUROD1 BHLHA3|NEUROD = Neurogenic differentiation factor 1
NFE2 NF-E2|p45 = Transcription factor NF-E2 45 kDa subunit
NFE2L1 NRF1|TCF11
NFKB1 EBP-1|KBF1|NF-kB|NF-κB1|p50|p105 = Nuclear factor NF-kappa-B p105 subunit
NFKB2 LYT10|p52|p100 = Nuclear factor NF-kappa-B p100 subunit
NKX2-1 NKX2A|TITF1|TTF1 = Homeobox protein Nkx-2.1
NKX3-1 NKX3A|NKX3.1 = Homeobox protein Nkx-3.1
NOTCH1 TAN1 = Neurogenic locus notch homolog protein 1
NR2F1 COUP-TF1|EAR3|TFCOUP1 = COUP transcription factor 1
NR2F2 ARP1|COUP-TF2|TFCOUP2 = COUP transcription factor 2
NR3C1 GCR|GR|GRL = Glucocorticoid receptor
ONECUT1 HNF6|HNF6A = Hepatocyte nuclear factor 6
PAX5 BSAP = Paired box protein Pax-5
PCNA
PER1 KIAA0482|PER|RIGUI = Period circadian protein homolog 1
PGK1 PGKA = Phosphoglycerate kinase 1
PGR NR3C3|PR = Progesterone receptor
PIP GCDFP15|GPIP4 = Prolactin-inducible protein
PITX1 BFT|PTX1 = Pituitary homeobox 1
PLAU UPA|URK = Urokinase-type plasminogen activator
PML MYL|RNF71|TRIM19 = Protein PML
POU2F1 OCT1|OTF1 = POU domain, class 2, transcription factor 1
POU5F1 OCT3|OCT4|OTF3|Oct-3/4 = POU domain, class 5, transcription factor 1
PPARG NR1C3|PPARγ = Peroxisome proliferator-activated receptor gamma
PRDM1 BLIMP1 = PR domain zinc finger protein 1
PRMT1 HMT2|HRMT1L2|IR1B4
PTEN MMAC1|TEP1 = Phosphatase and tensin homolog
PTH = Parathyroid hormone
RAD21 HR21|KIAA0078|NXP1|SCC1 = Double-strand-break repair protein rad21 homolog
RAD51 RAD51A|RECA = DNA repair protein RAD51 homolog 1
RBPJ CBF1|IGKJRB|RBPSUH = Recombining binding protein suppressor of hairless
REL c-Rel = Proto-oncogene c-Rel
RELA NFKB3|p65 = Transcription factor p65
RUNX1 AML1|CBFA2|PEBP2aB = Runt-related transcription factor 1
RUNX3 AML2|CBFA3|PEBP2A3 = Runt-related transcription factor 3
SCD SCD1|FADS5 = Stearoyl-CoA desaturase
SFPQ PSF = Splicing factor, proline- and glutamine-rich
SMAD5 MADH5 = Mothers against decapentaplegic homolog 5
SMAD6 MADH6 = Mothers against decapentaplegic homolog 6
SMARCA4 BAF190A|BRG1|SNF2B|SNF2L4 = Transcription activator BRG1
SNAI2 SLUG|SLUGH = Zinc finger protein SNAI2
SP1 TSFP1 = Transcription factor Sp1
SP3 SPR2 = Transcription factor Sp3
SP7 OSX = Transcription factor Sp7
SPI1 PU.1|SFPI1 = Transcription factor PU.1
SPIB SPI-B = Transcription factor Spi-B
SRC SRC1|c-Src|p60-Src = Proto-oncogene tyrosine-protein kinase Src
SREBF1 BHLHD1|SREBP1 = Sterol regulatory element-binding protein 1
SREBF2 BHLHD2|SREBP2 = Sterol regulatory element-binding protein 2
SRF MCM1 = Serum response factor
STAT1 ISGF-3|STAT91 = Signal transducer and activator of transcription 1-alpha/beta
STAT5B
STAT6 IL-4-STAT = Signal transducer and activator of transcription 6
SUMO2 SMT3A|SMT3H2
TAF1 BA2R|CCG1|TAF2A|TAFII250 = Transcription initiation factor TFIID subunit 1
TAL1 BHLHA17|SCL|TCL5 = T-cell acute lymphocytic leukemia protein 1
TARDBP TDP43|TDP-43 = TAR DNA-binding protein 43
TBP GTF2D1|TF2D|TFIID = TATA-box-binding protein
TCF7 TCF-1|TCF1 = Transcription factor 7
TEAD1 TCF13|TEF1|TEF-1 = Transcriptional enhancer factor TEF-1
TEAD4 RTEF1|TCF13L1|TEF3 = Transcriptional enhancer factor TEF-3
TFAP2C AP2-gamma|AP-2γ|ERF1 = Transcription factor AP-2 gamma
TP53 P53|BCC7|LFS1|TRP53 = Cellular tumor antigen p53
TP53BP1 53BP1|p202 = TP53-binding protein 1
TP63 KET|P63|P73L|TP73L = Tumor protein 63
TP73 P73 = Tumor protein p73
TWIST1 BHLHA38|TWIST = Twist-related protein 1
USF1 BHLHB11|UEF = Upstream stimulatory factor 1
USF2 BHLHB12|FIP = Upstream stimulatory factor 2
VEGFA VEGF|VPF = Vascular endothelial growth factor A
VEGFC FLT4-L|VRP = Vascular endothelial growth factor C
WDR5 BIG3 = WD repeat-containing protein 5
WWTR1 TAZ = WW domain-containing transcription regulator protein 1
ZBTB7A FBI1|LRF|ZNF857A = Zinc finger and BTB domain-containing protein 7A
ZFP36 NUP475|RNF162A|TIS11A|TTP = mRNA decay activator protein ZFP36
ZFP42 REX1|ZNF754 = Zinc finger protein 42 homolog
"""

#: Name, ordered locus and synonyms; after `=` the full name of the protein.
_YEAST: Final = """\
ABF1 YKL112W BAF1|OBF1|REB2|SBF1 = ARS-binding factor 1
ACE2 YLR131C = Metallothionein expression activator
ACT1 YFL039C END7|ABY1 = Actin
ADE1 YAR015W
ADE2 YOR128C = Phosphoribosylaminoimidazole carboxylase
ADE4 YMR300C
ADE5,7 YGL234W
ADH1 YOL086C ADC1 = Alcohol dehydrogenase 1
ADH2 YMR303C ADR2 = Alcohol dehydrogenase 2
ADR1 YDR216W = Regulatory protein ADR1
AFT1 YGL071W RCS1 = Iron-regulated transcriptional activator AFT1
AFT2 YPL202C
ARG1 YOL058W = Argininosuccinate synthase
ARG3 YJL088W
ARG5,6 YER069W
ARG80 YMR042W ARGR1
ARG81 YML099C ARGR2
ARO4 YBR249C
ARO80 YDR421W
ARR1 YPR199C YAP8|ACR1
ASH1 YKL185W
AZF1 YOR113W
BAS1 YKR099W = Myb-like DNA-binding protein BAS1
CAD1 YDR423C YAP2
CAT8 YMR280C DIL1|MSP8
CBF1 YJR060W CEP1|CPF1 = Centromere-binding protein 1
CDC28 YBR160W CDK1|SRM5|HSL5 = Cyclin-dependent kinase 1
CHA4 YLR098C SIL2
CIN5 YOR028C YAP4|HAL6
CLB1 YGR108W SCB1
CLB2 YPR119W
CLN1 YMR199W
CLN2 YPL256C
CLN3 YAL040C WHI1|DAF1|FUN10
COX6 YHR051W
CRZ1 YNL027W HAL8|TCN1
CTT1 YGR088W
CUP2 YGL166W ACE1
CYC1 YJR048W = Cytochrome c isoform 1
CYC8 YBR112C SSN6|CRT8
DAL80 YKR034W UGA43
DAL81 YIR023W UGA35
DAL82 YNL314W DURM
DIG1 YPL049C RST1
DOT6 YER088C PBF2
ECM22 YLR228C
EDS1 YBR033W
ENO1 YGR254W ENOA|HSP48 = Enolase 1
ENO2 YHR174W ENOB
ERG1 YGR175C
ERG11 YHR007C CYP51
FAS1 YKL182W
FBP1 YLR377C
FHL1 YPR104C SPP42
FKH1 YIL131C
FKH2 YNL068C
FLO1 YAR050W FLO2|FLO4
FLO8 YER109C PHD5|STA10
FLO11 YIR019C MUC1
FUS1 YCL027W
FZF1 YGL254W RSU1|SUL1
GAL1 YBR020W = Galactokinase
GAL2 YLR081W IMP1 = Galactose transporter
GAL3 YDR009W
GAL4 YPL248C GAL81 = Regulatory protein GAL4
GAL7 YBR018C
GAL10 YBR019C
GAL11 YOL051W MED15|RAR3|SDS4|SPT13
GAL80 YML051W
GAT1 YFL021W NIL1|MEP80
GAT3 YLR013W
GCN4 YEL009C AAS3|ARG9 = General control transcription factor GCN4
GCR1 YPL075W
GCR2 YNL199C
GDH1 YOR375C URE1
GIS1 YDR096W
GLN1 YPR035W
GLN3 YER040W
GPD1 YDL022W DAR1|HOR1|OSG1
GRE3 YHR104W
GSM1 YJL103C
GZF3 YJL110C DEH1|NIL2
HAA1 YPR008W
HAC1 YFL031W ERN4|IRE15 = Transcriptional activator HAC1
HAP1 YLR256W CYP1
HAP2 YGL237C
HAP3 YBL021C
HAP4 YKL109W
HAP5 YOR358W
HCM1 YCR065W
HIS3 YOR202W
HIS4 YCL030C
HMRA1 YCR097W
HMS1 YOR032C
HMS2 YJR147W
HO YDL227C
HOT1 YMR172W
HSF1 YGL073W EXA3|MAS3 = Heat shock factor protein
HSP12 YFL014W GLP1|HOR5
HSP26 YBR072W
HSP82 YPL240C HSP90
HSP104 YLL026W
HTA1 YDR225W
HTB1 YDR224C SPT12
HXT1 YHR094C HOR4
HXT2 YMR011W
IME1 YJR094C
IME2 YJL106W SME1
INO1 YJL153C APR1
INO2 YDR123C DIE1|SCS1
INO4 YOL108C
IXR1 YKL032C ORD1
KAR4 YCL055W
KSS1 YGR040W
LEU2 YCL018W
LEU3 YLR451W
LYS14 YDR034C
LYS2 YBR115C
MAC1 YMR021C CUA1
MAL33 YBR297W
MBP1 YDL056W
MCM1 YMR043W FUN80
MDH2 YOL126C
MET4 YNL103W
MET16 YPR167C
MET17 YLR303W MET15|MET25
MET28 YIR017C
MET31 YPL038W
MET32 YDR253C
MGA1 YGR249W
MGA2 YIR033W
MIG1 YGL035C CAT4|SSN1|TDS22
MIG2 YGL209W MLZ1
MIG3 YER028C
MOT3 YMR070W ROX7
MSN1 YOL116W FUP1|PHD2|MSS10
MSN2 YMR037C
MSN4 YKL062W
MSS11 YMR164C
NDD1 YOR372C
NDT80 YHR124W
NRG1 YDR043C
NRG2 YBR066C
OAF1 YAL051W OAF2
OPI1 YHL020C
PCK1 YKR097W JPM2|PPC1
PDC1 YLR044C
PDR1 YGL013C
PDR3 YBL005W
PDR5 YOR153W LEM1|STS1|YDR1
PGI1 YBR196C CDC30
PGK1 YCR012W
PHD1 YKL043W
PHO2 YDL106C BAS2|GRF10
PHO4 YFR034C
PHO5 YBR093C
PHO85 YPL031C SSG3|LDB15
PIP2 YOR363C OAF2
POL30 YBR088C = Proliferating cell nuclear antigen
PPR1 YLR014C
PUT3 YKL015W
PYK1 YAL038W CDC19
RAP1 YNL216W GRF1|TUF1|TBA1 = DNA-binding protein RAP1
RDS1 YCR106W
REB1 YBR049C GRF2
RFX1 YLR176C CRT1
RGM1 YMR182C
RGT1 YKL038W
RIM101 YHL027W RIM1
RLM1 YPL089C
RME1 YGR044C CSP1
RNR1 YER070W CRT7|RIR1|SDS12
RNR2 YJL026W CRT6
ROX1 YPR065W REO1
RPD3 YNL330C MOF6|REC3|SDI2
RPH1 YER169W
RPN4 YDL020C SON1|UFD5
RTG1 YOL067C
RTG3 YBL103C
SFL1 YOR140W
SFP1 YLR403W
SIN3 YOL004W CPE1|GAM2|RPD1|UME4
SIP4 YJL089W
SIR2 YDL042C MAR1 = NAD-dependent histone deacetylase SIR2
SKN7 YHR206W BRY1|POS9
SKO1 YNL167C ACR1
SMP1 YBR182C
SNF2 YOR290C GAM1|SWI2|TYE3
SOK2 YMR016C
SPT2 YER161C SIN1
SPT15 YER148W BTF1|TBP1 = TATA-box-binding protein
SPT23 YKL020C
STB5 YHR178W
STE12 YHR084W
STP1 YDR463W
STP2 YHR006W
SUC2 YIL162W
SUM1 YDR310C
SUT1 YGL162W
SWI4 YER111C ART1
SWI5 YDR146C
SWI6 YLR182W SDS11|PSL8
TBF1 YPL128C
TDH3 YGR192C GLD1|HSP35|SSS2
TEC1 YBR083W ROC1
TEF1 YPR080W
THI2 YBR240C PHO6
TOS8 YGL096W
TPI1 YDR050C
TUP1 YCR084C AER2|CYC9|FLK1|ROX4|SFL2|UMR7
TYE7 YOR344C SGC1
UGA3 YDL170W
UME6 YDR207C CAR80|NIM2|RIM16
UPC2 YDR213W MOX4
URA3 YEL021W
USV1 YPL230W NSF1
VHR1 YIL056W
WAR1 YML076C
XBP1 YIL101C
YAP1 YML007W PAR1|PDR4|SNQ3 = AP-1-like transcription factor YAP1
YAP3 YHL009C
YAP5 YIR018W
YAP6 YDR259C HAL7
YAP7 YOL028C
YHP1 YDR451C
YOX1 YML027W
YRM1 YOR172W
YRR1 YOR162C PDR2
ZAP1 YJL056C ZRG10
"""

#: Identifiers of genes in other databases, by species and name.
_REFERENCES: Final[Mapping[tuple[int, str], str]] = {
    (HUMAN, "TP53"): "MIM:191170|HGNC:HGNC:11998|Ensembl:ENSG00000141510",
    (HUMAN, "ING1"): "MIM:601566|HGNC:HGNC:6062|Ensembl:ENSG00000153487",
    (HUMAN, "BAX"): "MIM:600040|HGNC:HGNC:959|Ensembl:ENSG00000087088",
    (YEAST, "GAL1"): "SGD:S000000224|AllianceGenome:SGD:S000000224",
    (YEAST, "GAL4"): "SGD:S000006169|AllianceGenome:SGD:S000006169",
}
UNIPROT_COLUMNS: Final = (
    "Entry", "Entry Name", "Protein names", "Gene Names (primary)", "Gene Names (synonym)",
    "Gene Names (ordered locus)", "Gene Names (ORF)", "Organism (ID)",
)  # fmt: skip
GENE_INFO_COLUMNS: Final = (
    "#tax_id", "GeneID", "Symbol", "LocusTag", "Synonyms", "dbXrefs", "chromosome",
    "map_location", "description", "type_of_gene", "Symbol_from_nomenclature_authority",
    "Full_name_from_nomenclature_authority", "Nomenclature_status", "Other_designations",
    "Modification_date", "Feature_type",
)  # fmt: skip
_ENDINGS: Final = {HUMAN: "HUMAN", YEAST: "YEAST"}


class Gene(NamedTuple):
    """A gene by its names."""

    taxon: int
    name: str
    locus: str
    synonyms: tuple[str, ...]
    full_name: str


class Protein(NamedTuple):
    """What TFLink's files call a gene's protein."""

    accession: str
    gene_id: int


def genes() -> list[Gene]:
    """Return all genes that are listed here."""
    listed = []
    for taxon, text in ((HUMAN, _HUMAN), (YEAST, _YEAST)):
        for line in text.splitlines():
            names, _, full_name = line.partition("=")
            name, *rest = names.split()
            locus = rest.pop(0) if taxon == YEAST else ""
            synonyms = tuple(rest[0].split("|")) if rest else ()
            listed.append(Gene(taxon, name, locus, synonyms, full_name.strip()))
    return listed


def uniprot_table(proteins: Mapping[tuple[int, str], Protein]) -> str:
    """Return a UniProt table of the genes of which `proteins`, by taxon and name, has one."""
    rows = [
        (
            proteins[gene.taxon, gene.name].accession,
            _mnemonic(gene),
            gene.full_name,
            gene.name,
            " ".join(gene.synonyms),
            gene.locus,
            "",
            str(gene.taxon),
        )
        for gene in genes()
        if (gene.taxon, gene.name) in proteins
    ]
    return _table(UNIPROT_COLUMNS, rows)


def gene_info(proteins: Mapping[tuple[int, str], Protein]) -> str:
    """Return a gene_info of the same genes."""
    rows = []
    for gene in genes():
        if (gene.taxon, gene.name) in proteins:
            synonyms = "|".join(gene.synonyms) or "-"
            references = _REFERENCES.get((gene.taxon, gene.name), "-")
            gene_id = str(proteins[gene.taxon, gene.name].gene_id)
            start = (str(gene.taxon), gene_id, gene.name, gene.locus or "-", synonyms, references)
            rows.append((*start, "-", "-", "-", "protein-coding", *["-"] * 4, "20261101", "-"))
    return _table(GENE_INFO_COLUMNS, rows)


def _mnemonic(gene: Gene) -> str:
    letters = "".join(one for one in gene.name if one.isalnum())[:5]
    return f"{letters.upper()}_{_ENDINGS[gene.taxon]}"


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    return "".join("\t".join(row) + "\n" for row in (columns, *rows))
